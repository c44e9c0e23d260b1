"""Invented honest subjects, many of them in the words of spam; every one must pass."""
# ruff: noqa: RUF001 - words of many languages

import pytest

from tests.support.screened import PLAIN, SPAMMY, held

SUBJECTS = """
Free() of invalid pointer
Urgent: RCE in production
You have won the race: TOCTOU in temp files
100% CPU denial of service
Click-jacking on the account page
Password reset link poisoning
Account takeover via invoice upload
Your login page leaks tokens
security contact?
Who do I contact about a bug?
Bug bounty?
Do you have a bug bounty program?
Re: your question
Hello
hi
...
(no subject)
question
Security issue
Security
Vulnerability report
URGENT SECURITY VULNERABILITY
CRITICAL!!! RCE!!!
[CRITICAL] SQL injection in /api/v2/login
Possible problem with your password reset
Your password reset link never expires
Password reset tokens do not expire after use
Email verification can be bypassed
I can verify any account without the email
Session stays valid after the account is deleted
Suspended accounts can still log in
Locked account can be unlocked by anyone
Unlimited login attempts on your site
Brute force of gift card codes
Gift card balance can be spent twice
Coupon code reuse gives 100% discount
Price manipulation in the shopping cart
Free products through negative quantity in cart
Payment amount can be changed by the client
Refund race lets you withdraw money twice
Invoice PDF of other customers visible
Anyone can read my invoices
Credit card numbers in log files
Loan calculator accepts XSS
Insurance module: stored XSS in customer name
Bitcoin wallet drain through fee overflow
Wallet seed phrase written to debug log
Airdrop contract allows double claim
Casino plugin: predictable random numbers
Lottery smart contract reentrancy
DHL tracking widget loads script over http
Shipping address of any order can be read
Delivery status page shows other people's parcels
Voicemail greeting upload allows path traversal
Shared document link can be guessed
Document preview executes JavaScript
DocuSign webhook signature not checked
Newsletter unsubscribe link is an open redirect
Marketing tracker sends session ids to third parties
SEO plugin unauthenticated options update
Tax form upload accepts php files
Sex field in profile not sanitised
Dating app exposes exact location of users
Viagra spam sent through your open relay
Your server sends spam
Your website is hacked and serves casino pages
Your domain has no SPF record
Missing DMARC lets anyone send mail as you
Account warning banner reflects user input
Winner selection uses Math.random
Prize draw endpoint lacks rate limit
Mailbox quota can be bypassed
Mailbox is full error reveals internal path
Storage limit not enforced on upload
Two-factor code accepted after it expired
New device login mail shows the wrong IP
Unsubscribe token works for any account
Confirm dialog can be click-jacked
Card data cached by the browser
Notification emails include access tokens
Update check over plain http
Update server accepts unsigned packages
Your package on npm contains a crypto miner
Malicious package uploaded under your name
Package signing key expired
Certificate of updates.project.example expires tomorrow
PGP key on your security page has expired
Your security.txt has expired
How do I report a security problem?
Where should I send a vulnerability report?
Is this the right address for security bugs?
Security contact wanted
Request for CVE
CVE request for heap overflow in 2.4.1
Responsible disclosure: exposed .git directory
90 day disclosure deadline
Encrypted report
Confidential
Private: please forward to the security team
Important: embargoed issue in your dependency
Attention maintainers: log4j in your release
WARNING: backdoor in release tarball
Immediate attention required: leaked signing key
Heads up: exploit for 1.9 being sold
Money transfer endpoint misses CSRF token
Crash when opening a 5 MB file
Save button crashes app
Buy button: integer overflow in quantity
Order of destructors leads to use after free
Best effort parser reads beyond the end
Offer/answer SDP parsing out-of-bounds read
Deal with untrusted input in libfoo
Win32: DLL hijack in installer
Bonus: second bug in the same function
Cheap DoS against the HTTP/2 server
Lost update when two admins save
Diet libc: printf format string
Weight overflow in scheduler
Health check endpoint leaks environment
Pain points in the sandbox: three escapes
Hot reload executes code from /tmp
Girls Who Code site has an XSS
Natural sort function hangs on long numbers
Guaranteed crash: image of size 0x0
Income field overflows 32 bit
Work from home VPN client: privilege escalation
Hiring portal lets you read other applications
Diploma generator SSRF
$_GET parameter goes into eval
$1,000 could be withdrawn twice through this bug
Up to 50% of requests return someone else's data
🐛 crash in parser
🚨🚨 auth bypass 🚨🚨
ログイン画面のXSS脆弱性について
アカウント乗っ取りの脆弱性の報告
パスワード再設定の不具合
セキュリティ上の問題を見つけました
お問い合わせ:脆弱性の報告先
任意のコードが実行される問題
Sicherheitslücke in Ihrer Anmeldeseite
Passwort-Reset: Token läuft nicht ab
Schwachstelle in der Rechnungsfunktion
Wie melde ich eine Sicherheitslücke?
Pufferüberlauf beim Lesen von Konten
Frage
Faille de sécurité sur votre site
Vulnérabilité XSS dans votre espace client
Mot de passe stocké en clair
Contact sécurité ?
Injection SQL dans la page de facture
Vulnerabilidad en su página de cuenta
Fallo de seguridad: cualquiera puede ver las facturas
Se puede cambiar la contraseña de otro usuario
Vulnerabilidade crítica no login
Falha permite ver boletos de outros clientes
Vulnerabilità nel vostro sito
È possibile leggere le fatture di altri utenti
Beveiligingslek in uw inlogpagina
Kwetsbaarheid in factuurmodule
Podatność XSS w panelu konta
Luka w zabezpieczeniach sklepu
Уязвимость в форме входа
Обход проверки пароля
Ошибка в вашем сайте: утечка данных
登录页面存在SQL注入漏洞
账户接管漏洞
密码重置逻辑缺陷
支付金额可被篡改
越权访问他人订单
로그인 페이지 XSS 취약점 신고
비밀번호 재설정 취약점
보안 문제 문의
Giriş sayfasında güvenlik açığı
Hesap ele geçirme zafiyeti
ثغرة أمنية في صفحة تسجيل الدخول
إبلاغ عن ثغرة
Zranitelnost na vaší přihlašovací stránce
Sårbarhet i inloggningen
Lỗ hổng bảo mật trên trang đăng nhập
Kerentanan keamanan di halaman akun
פגיעות אבטחה באתר שלכם
XSSа в админке
Fwd: strange thing in our logs
AW: Ihre Anfrage
Re: [security] embargo date
Bug#123456: package fails to verify signatures
Undeliverable mail shows internal host names
Delayed code execution
Out of office replies leak internal addresses
Automatic reply loop takes the server down
Mail delivery failed: header injection in contact form
*** Error in `prog': double free or corruption ***
==1234==ERROR: AddressSanitizer: heap-use-after-free
kernel NULL pointer dereference at 0000000000000008
strncpy
libwebp
smtp transport
Note: WIP
Please see attached report
Please help
Please read
Report
Issue with 2FA
Problem with account deletion
My account was hacked through your site
Somebody logged into my account
I found something on your website
I found 3 bugs in your website
Bug in your site
Small finding
Leak
Your private key is on GitHub
API keys in your Android app
Company secrets in public S3 bucket
Customer data for sale on a forum
Data breach?
Possible breach of your database
Phishing site imitating your project
Fake version of your app in the store
Typosquatting of your package name
Trademark abuse / phishing domain report
"""


@pytest.mark.parametrize("header", [PLAIN, SPAMMY], ids=["plain", "spammy"])
def test_no_honest_subject_is_held(header: dict[str, str]) -> None:
    """Neither on a plain header nor on one with every mark of bulk mail."""
    assert held(SUBJECTS, header) == []
