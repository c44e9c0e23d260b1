"""Invented lures of today, in many languages, on the plainest header there is."""
# ruff: noqa: RUF001 - words of many languages

from tests.support.screened import share_held

SUBJECTS = """
Your account has been suspended
Action required: verify your identity within 24 hours
Unusual sign-in activity on your account
We noticed a new login from an unknown device
Your password expires today
Password expiration notice for jane.doe
Your mailbox is almost full
Email storage limit reached - upgrade now
[Reminder] Confirm your billing details
Your subscription has been renewed: $399.99 charged
Payment declined - update your card
Your Netflix membership is on hold
Final notice: your Norton plan expired
You have (1) package waiting for delivery
Delivery attempt failed, reschedule now
Your parcel is held at customs - pay the fee
USPS: We could not deliver your shipment
DHL Express: shipment document and invoice attached
Invoice INV-20391 overdue
Outstanding payment reminder
Remittance advice 04/11
Purchase Order PO-88213 - urgent quotation needed
RFQ for November order
Swift copy of the transfer
Jane shared "Q3 Salary Review.pdf" with you
You have received a secure document via DocuSign
Complete with e-signature: Employee Handbook 2025
New voicemail from +1 (415) 555-0123
Missed call: voice message 00:42
You have 7 messages on hold
Incoming fax, 3 pages
Scanned from a Xerox multifunction printer
Payroll update: action needed
You've been selected to receive a $500 gift card
Congratulations! You are today's lucky winner
Claim your free iPhone 16 now
Answer & win a brand new power drill
Your tax refund of 482.12 is ready
IRS: stimulus payment pending
Your wallet will be suspended - connect to verify
Bitcoin bonus: double your BTC in 24h
Airdrop is live, claim your tokens
I have recorded you through your webcam
Your device has been hacked. Payment required
First page of Google for your website - affordable SEO
Guest post opportunity on high DA sites
Increase your sales with 10 million verified email leads
Mobile app development at affordable price
Personal loan approved: up to $50,000
Low interest business loan in 48 hours
Consolidate your debt today
Meet beautiful Russian women tonight
Someone near you wants to chat 💋
Hot singles in your area
Lose 20 pounds in 2 weeks with keto gummies
This trick lowers blood sugar overnight
Canadian pharmacy - no prescription needed
Generic Viagra & Cialis 80% off
🎁🎁🎁 Your reward is waiting 🎁🎁🎁
Win at our online casino: 200 free spins
Dear beneficiary, your inheritance fund
Business proposal from Mrs. Amina
Work from home and earn $5000 weekly
Extended car warranty - final courtesy call
Ihr Konto wurde gesperrt
Wichtige Mitteilung: Bestätigen Sie Ihre Daten
Ihre Sparkasse: pushTAN-Verbindung läuft ab
Ihr Paket konnte nicht zugestellt werden
Letzte Mahnung: offene Rechnung Nr. 4471
Ihr Postfach ist voll
Sie haben einen Gutschein über 500 Euro gewonnen
Steuerrückerstattung: Bitte Angaben bestätigen
Sofortkredit ohne Schufa
Geld verdienen von zu Hause aus
Votre compte a été suspendu
Action requise : mettez à jour vos informations
Votre colis est en attente de livraison
Facture impayée - dernier rappel
Renouvelez votre carte vitale
Remboursement d'impôts disponible
Félicitations, vous avez gagné un iPhone
Votre abonnement a expiré
Crédit rapide sans justificatif
Référencement de votre site sur Google
Su cuenta ha sido bloqueada
Verifique su identidad para evitar la suspensión
Su paquete está retenido en aduanas
Factura pendiente de pago
Ha ganado un premio de 1000 euros
Devolución de impuestos: 312,50 €
Préstamos rápidos sin aval
Aviso importante: su contraseña caduca hoy
Sua conta foi suspensa
Atualize seu cadastro imediatamente
Seus pontos expiram hoje - resgate agora
Nota fiscal eletrônica em anexo
Boleto vencido: regularize hoje
Sua encomenda está aguardando pagamento
Parabéns! Você ganhou um vale-presente
Intimação judicial - processo 0012345
Il tuo conto è stato bloccato
Conferma i tuoi dati entro 24 ore
Il tuo pacco è in attesa di consegna
Fattura scaduta, ultimo sollecito
Hai vinto un buono da 500 euro
Rimborso fiscale disponibile
Uw rekening is geblokkeerd
Uw bankpas verloopt binnenkort
Uw pakket kon niet worden bezorgd
Openstaande factuur: laatste herinnering
U heeft een cadeaubon gewonnen
Twoje konto zostało zablokowane
Potwierdź swoje dane
Twoja paczka czeka na dopłatę
Nieopłacona faktura nr 2031
Zwrot podatku - odbierz środki
Gratulacje, wygrałeś nagrodę
Ваш аккаунт заблокирован
Подтвердите ваши данные
Ваша посылка задержана на таможне
Вы выиграли приз
Кредит без отказа за 5 минут
Счет на оплату №1182
Заработок в интернете от 5000 рублей в день
Продвижение сайтов недорого
您的账户已被冻结
您的密码即将过期,请立即更新
您的包裹无法投递
恭喜您中奖了
代开发票
2025年度工资补贴申领通知
低息贷款,当天放款
【重要】アカウントの確認が必要です
お客様のカードのご利用を一時停止しております
お荷物のお届けにあがりましたが不在の為持ち帰りました
【緊急】パスワードの有効期限が切れます
ポイントの有効期限が近づいています
お支払い方法を更新してください
簡単に稼げる副業のご案内
[긴급] 계정이 정지되었습니다
비밀번호가 곧 만료됩니다
택배 배송 주소 확인 요망
축하합니다! 당첨되셨습니다
(광고) 무담보 대출 당일 승인
Hesabınız askıya alındı
Şifrenizin süresi doluyor
Kargonuz teslim edilemedi
Tebrikler, ödül kazandınız
Ödenmemiş fatura bildirimi
تم تعليق حسابك
كلمة المرور الخاصة بك على وشك الانتهاء
طردك في انتظار التسليم
مبروك! لقد ربحت جائزة
فاتورة مستحقة الدفع
Váš účet byl zablokován
Vaše zásilka čeká na zaplacení cla
Ditt konto har spärrats
Din pakke kunne ikke leveres
Contul dumneavoastră a fost suspendat
Ο λογαριασμός σας έχει ανασταλεί
Tài khoản của bạn đã bị khóa
Akun Anda telah diblokir
החשבון שלך נחסם
Fiókját felfüggesztettük
Tilisi on lukittu
Your Аpple ID has been locked
Y0ur acc0unt is l1mited
V.e.r.i.f.y your P-a-y-p-a-l
𝐅𝐑𝐄𝐄 gift for our customers
Re: your refund request #55-2913
Increase your cup size naturally
Internet access for only $9.95 a month
Find anyone's criminal record
Sell your home fast
Vitamins that melt away fat
Get your free credit report online
Make your PC run like new
We want to buy your timeshare
Attract more women with pheromones
Nude celebrities exposed
Earn a college degree from home
Let lenders compete for you
Save 75% on prescription drugs
Cheap web hosting - $5/mo
Get paid for reading e-mail
Secrets of the stock market pros
Hot Asian girls live
Free 10 minute phone card
Your approval is waiting
Consolidate bills into one payment
Printer ink sale, up to 80% savings
Investment property with no money down
Have you been turned down for a loan?
Your personal invitation
We can help you lose that belly
Wholesale tobacco shipped to your door
NASDAQ: the next big winner
Home workers needed
Become an Ebay powerseller
Free porn passwords
Ihr Gewinn wartet auf Sie
Kontaktieren Sie uns wegen Ihrer Erbschaft
Ihre Kreditanfrage wurde genehmigt
Neue Nachricht von Ihrer Bank
Ihr Amazon-Konto: Zahlungsinformationen aktualisieren
Colissimo : votre paquet est bloqué
Votre carte Navigo arrive à expiration
Perdez 10 kilos en un mois
Demande de confirmation de paiement
Un héritage vous attend
Su cuenta de correo será desactivada
Reclame su herencia hoy
Pague su multa con descuento
Trabajo desde casa, gana 300 euros
Tu paquete no pudo ser entregado
Sua encomenda foi taxada
Aumente o limite do seu cartão
Ganhe dinheiro na internet
Ultimo avviso: conto in scadenza
Il tuo pacco è fermo in dogana
Lavora da casa e guadagna
Uw belastingteruggave staat klaar
Factuur in bijlage
Twoja przesyłka została wstrzymana
Odbierz nagrodę już dziś
Ваш заказ задержан, оплатите доставку
Ваш выигрыш ждет
Дешевые лекарства с доставкой
您的快递已到,请支付关税
尊敬的客户,您的信用卡已被停用
公司代开各类发票
お支払いが確認できませんでした
ご当選のお知らせ
アカウント情報をご確認ください
고객님의 카드가 정지되었습니다
무료 쿠폰 지급 안내
Kargonuz gümrükte bekliyor
Kredi başvurunuz onaylandı
حسابك المصرفي محظور
لقد فزت بجائزة نقدية
FINAL REMINDER: unpaid parking charge
Disney+ - payment could not be processed
Security update required for your Trust Wallet
Your Facebook page violates community standards
Instagram: copyright infringement notice
LinkedIn: You appeared in 4 searches
Hello, I want to discuss a business deal
Please find attached our new order
Request for price list
Kind reminder: outstanding invoices
Google Workspace storage 98% used
Teams: missed chat message from HR
Confirm your Zoom account
Your shipment AWB 8841 arrived
Verify recent transfer of $1,250
Crypto gains up to 400% monthly
Reset your brain in 7 days
Cheap flights to anywhere
Your horoscope for this week
Solar rebate ends tonight
"""


def test_lures_of_today_are_held_by_their_subject_alone() -> None:
    """At least nine of ten, though each is a short line that no rule was written for."""
    assert share_held(SUBJECTS) >= 0.9
