"""The vocabulary of reports: classes of flaws, talk of reporting, grammar of bugs, things technical."""

from maild.core.screening.lexicon import Family

FLAW = Family(
    "flaw",
    plain="""
    vulnerab*, exploit*, overflow*, underflow*, overread, overrun, over read, over write, use after free,
    use after, double free*, doublefree, double drop, uaf, oob, oobr, oobw, out of bound*, buffer over*,
    bounds check*, off by one, segfault*, segmentation fault*, sigsegv, sigabrt*, sigill, null pointer*,
    null deref*, nullptr, dereferenc*, memory corruption, memory leak*, memory safety, memory exhaust*,
    resource exhaust*, stack exhaust*, uninit*, unaligned, misaligned, invalid pointer*, dangling,
    wild pointer*, heap spray, format string*, integer truncat*, type confusion, data race*, race condition*,
    toctou, time of check, time of use, xss, mxss, csrf, xsrf, ssrf, xxe, sqli, nosqli, ssti, rce, lfi, rfi,
    lpe, idor, bola, redos, ddos, toctou, injection*, injectable, code execution, command execution,
    execut* code, execut* command*, arbitrary code, arbitrary command*, arbitrary file*, arbitrary read*,
    arbitrary write*, arbitrary sql, code exec, path traversal, directory traversal, traversal, zip slip,
    privilege escalation, privesc, escalat* privilege*, escalation of privilege*, elevation of privilege*,
    priv esc, bypass*, open redirect*, clickjack*, click jack*, ui redress*, tabnab*, denial of service,
    dos attack*, dos vuln*, dos in, dos via, dos when, remote dos, service crash, request smuggl*, smuggl*,
    desync*, cache poison*, poisoning, cache deception, response splitting, header inject*, deserial*,
    prototype pollution, spoofable, spoofing, mitm, man in the middle, side channel*, sidechannel*,
    timing attack*, timing leak*, padding oracle, oracle attack, takeover*, taken over, take over account*,
    information disclosure*, info leak*, infoleak, information leak*, leak* information, data leak*, leaking,
    leaks, disclosure of, discloses, path disclosure, hardcoded, hard coded, plaintext password*,
    cleartext password*, weak cipher*, weak crypto*, weak hash*, weak random*, insecure, predictable,
    session fixation, session hijack*, hijack*, subdomain takeover, stack overflow, infinite loop*,
    infinite recursion, unbounded, uncontrolled, unsound*, soundness, undefined behavio*, crash* on,
    crash* when, crash* in, crash* via, crashes, crashing, panic*, deadlock*, missing check*,
    missing validat*, missing auth*, missing verif*, missing saniti*, missing csrf, missing rate limit*,
    missing access control*, broken access control*, broken auth*, improper, insufficient check*,
    insufficient valid*, insufficient verif*, insufficient auth*, unauthenticated, without auth*,
    without permission*, without login*, without logging in, no auth*, malicious code, malicious crate*,
    malicious package*, malicious depend*, malicious input*, malicious file*, malicious server*, malicious user*,
    backdoor*, supply chain, sandbox escape*, escape* sandbox, sandbox, vm escape, guest escape, container escape*,
    constant time, downgrade attack*, homograph*, homoglyph*, punycode, replay attack*, relay attack*, nonce reuse,
    brute forc*, bruteforc*, user enumerat*, username enumerat*, enumeration, rate limit*, ratelimit*, sanitis*,
    sanitiz*, unsanit*, unescaped, unvalidated, unchecked, unverified, untrusted, malform*, maliciously crafted,
    crafted, fuzz*, asan, ubsan, msan, valgrind, addresssanitizer, backtrace*, stacktrace, stack trace*,
    core dump*, coredump, heap, wormable, pwn*, 0day, zeroday, zero day*, dll hijack*, symlink*, hard link*,
    deanonymi*, fingerprintable, xs leak*, reuse*, re use, reusable, reflects, reflected, user input,  internal path*, internal ip*, internal host*, website hacked, site hacked, website is hacked, site is hacked, server hacked, website compromised, data for sale, customer data, user data, personal data, cors misconfig*, misconfigur*, exposed git, exposed env, exposed director*,
    exposed secret*, exposed key*, exposed token*, exposed api*, exposed credential*, exposed admin*, exposed database*,
    exposes, leaked key*, leaked signing, leaked secret*, leaked token*, leaked credential*, leaked api*, open relay,
    typosquat*, shell inject*, shellshock, log4j*, heartbleed, reentran*, typejuggl*, type juggl*, mass assignment,
    tamper*, forgeable, csv injection, stored xss, reflected xss, dom xss, self xss, csp, no spf, spf record*,
    missing dmarc, missing spf, dmarc record*, dmarc policy, unprotected, world readable, world writable
    vulnérab*, faille*, débordement*, déni de service, élévation de privilège*, fuite de donnée*, contournement*,
    exécution de code, exécution de commande*, contourn*, en clair, divulgation, traversée,
    vulnerabil*, desbordamiento*, inyección*, ejecución de código, denegación de servicio, fallo de seguridad,
    fallos de seguridad, agujero de seguridad, brecha de seguridad, problema de seguridad, fuga de datos,
    escalada de privilegios, evasión, injeção*, estouro de, falha de segurança, falhas de segurança, falha crítica,
    brecha de segurança, problema de segurança, vazamento*, execução de código, negação de serviço,
    iniezione, esecuzione di codice, falla di sicurezza, falla, buco di sicurezza, problema di sicurezza,
    sicherheitslück*, schwachstell*, pufferüberl*, überlauf*, speicherleck*, sicherheitsproblem*, sicherheitsloch,
    sicherheitsmängel, sicherheitsmangel, datenleck*, rechteausweitung, umgeh*, umgangen, codeausführung, einschleus*,
    absturz*, stürzt ab, klartext, ausnutz*, angreif*, unverschlüsselt*,
    kwetsbaar*, beveiligingslek*, beveiligingsprobleem, lek in, datalek*, omzeil*, bufferoverloop,
    podatnoś*, luka, luki, lukę, przepełnien*, obejści*, wyciek*, wykonanie kodu, wstrzyknię*,
    уязвим*, переполнен*, обход*, утечк*, инъекц*, эксплойт*, повышение привилегий, выполнение кода, бекдор*, бэкдор*,
    вразлив*, витік, переповнен*, zranitelnost*, zraniteľnos*, přetečen*, únik dat, sårbar*, säkerhetshål*, säkerhetsbrist*,
    sikkerhedshul*, sikkerhetshull*, haavoittuv*, tietoturva*, sebezhető*, biztonsági rés*, vulnerabilit*, ευπάθει*,
    ευπαθει*, güvenlik açı*, zafiyet*, ele geçir*, bellek taşma*, kerentanan, celah keamanan, kebocoran data,
    lỗ hổng, ranjivost*, уязвимост*, varnostna, haavatavus, pažeidžiam*, ievainojam*
    漏洞, 缺陷, 溢出, 注入, 越权, 提权, 泄露, 泄漏, 绕过, 劫持, 篡改, 任意代码, 任意文件, 代码执行, 命令执行, 拒绝服务,
    接管, 反序列化, 跨站, 未授权, 漏洩, 越權, 提權, 繞過, 後門, 后门, 弱口令, 遍历, 崩溃,
    脆弱性, オーバーフロー, インジェクション, 乗っ取, 任意のコード, 不具合, 漏えい, 流出, 改ざん, 回避, バイパス,
    クロスサイト, 権限昇格, サービス拒否, クラッシュ, トラバーサル, なりすまし, セキュリティ上の, セキュリティの問題, セキュリティ問題,
    취약점, 취약성, 오버플로, 인젝션, 우회, 탈취, 유출, 권한 상승, 원격 코드, 서비스 거부, 보안 문제, 보안 결함,
    ثغر, اختراق الحساب, تجاوز المصادقة, تنفيذ التعليمات, تسريب, פגיעות, חולשת אבטחה, חולשה, פרצת אבטחה,
    ช่องโหว่, भेद्यता, सुरक्षा खामी,
    by others, by anyone, by anybody, by an attacker, by attackers, by guests, by strangers, to strangers, to everyone, to anyone, to anybody, by unprivileged, by other users, by any user, for anyone, by everyone, sequential id*, are sequential, are predictable, is predictable, can be guessed,
    unlimited login, unlimited attempt*, unlimited request*, unlimited upload*, unlimited size, unlimited number, unlimited free trial*, unlimited trial*, without limit,
    readable by, writable by, writeable by, accessible by, accessible without, editable by, reachable from, reachable without, downloadable by, viewable by, visible by
    """,
    hints="""
    attack*, attacker*, hacker*, crash*, leak*, exposed, exposure, expose, disclos*, breach*, malicious, malware,
    dos,  races, raced, forge*, forged, abus*, escape*, escapes,  flaw*, incorrect*, invalid, unsafe,
    unauthorized, unauthorised, corrupt*, abort*, hang, hangs, freeze*, unencrypted, plaintext, cleartext, weak,
    permission*, privilege*, missing, lack*, wrong*, broken, compromis*, phish*, spam, hacked, steal*, reentr*,
    attaque*, ataque*, attacco, angriff*, aanval*, atak*, атак*, взлом*, 攻撃, 攻击, 공격, saldırı*,
    secrets, sequential, guessable, negative, rounding,  doubled, duplicate*, stale,  extended, silently,  exfiltrat*, impersonat*, circumvent*, evad*, evasion, unintended, unexpected*, misuse*, mishandl*, misbehav*, confus*, collision*, truncat*,  forgery, outdated, vuln, vulns,  glitch*, logic, unprotected, unsigned, unlock* by, anyone, anybody, everyone, everybody, strangers, outsiders,
    negative, abuse, reuse
    """,
)

REPORTING = Family(
    "reporting",
    plain="""
    security report*, security bug*, security issue*, security flaw*, security hole*, security problem*,
    security contact*, security finding*, security weakness*, security concern*, security disclosure*,
    security researcher*, security advisor*, security patch*, security fix*, security embargo*, security txt,
    security audit*, security question*, bug bount*, bug report*, bugreport*, report* bug*, report* vuln*,
    report* security*, responsible disclosure, coordinated disclosure, vulnerability disclosure, full disclosure,
    disclosure deadline, disclosure policy, disclosure date, embargo*, proof of concept, poc, proofs of concept,
    pentest*, penetration test*, cve, cves, cwe, cvss, ghsa*, rustsec*, advisory, advisories, hackerone, bugcrowd,
    reproducer, steps to reproduce, fuzzer*, security maintainer*, bug in, bugs in, bug with, bug on,
    signaler une, signalement, bogue*, sicherheitsmeldung, sicherheitsbericht, fehlerbericht, melden, meldung einer,
    reportar un, reporte de seguridad, informe de seguridad, relatório de segurança, reportar uma, segnalazione,
    segnalare, melding van, melden van, zgłoszeni* błęd*, zgłoszeni* podatn*, ошибк*, баг, баги, açık bildirimi,
    hata bildirimi
    安全问题, 安全問題, 安全报告, 报告漏洞, 提交漏洞, バグ, 脆弱性の報告, 問題を見つけ, 問題の報告, 신고, 제보, 버그,
    مشكلة أمنية, إبلاغ عن, تقرير أمني
    """,
    hints="""
    bug*, issue*, report, reporting, reporter*, security, problem*, finding*, researcher*, disclosure*, bounty, patch*,
    fix, fixed, fixes, regression*, maintainer*, upstream, contact, question*, reproduc*, repro, impact, severity,
    sicherheit, fehler, problème*, sécurité, seguridad, segurança, sicurezza, veiligheid, bezpieczeńst*, безопасност*,
    güvenlik, hata, erreur*, errore, frage, pregunta, pergunta, domanda, vraag, pytanie, вопрос, keamanan, bảo mật,
    安全, セキュリティ, 問い合わせ, 問題, 보안, 문의, أمن, אבטחה,
    error, errors, misconfig*, mistake*
    """,
)

GRAMMAR = Family(
    "bug-grammar",
    plain="""
    can be bypass*, can be read, can be chang*, can be guess*, can be spent, can be spoof*, can be tricked, can be used to,
    can be abus*, can be forg*, can be set, can be overwritten, can be crash*, can be clickjacked, can be click, can be forced,
    can be trigger*, can be unlock*, can be stolen, can be access*, can be withdrawn, can be reused, can be replayed,
    can be download*, can be delet* by, can be view* by, can be modif*,
    could be withdrawn, could be bypass*, could be read, could be stolen,
    lets anyone, lets you, lets any, lets users, lets an, lets attackers, lets me, let anyone, allows anyone, allows any,
    allows reading, allows an, allows access*, allow access*, allows users, allows writing, allows double, allows remote, allows local, allows
    bypass*, allows unauth*, allows setting, anyone can, anybody can, everyone can, any user can, i can, i could read, i was able to, other users,
    other peoples, other customers, other user*, someone elses, of any user, of any account, for any account, any account, for any user, of all users, of other,
    does not expire, do not expire, never expire*,  not invalidat*, not checked, not check, not checking, not verif*,
    not validat*, not sanit*, not escap*, not enforced, not enforce, not encrypted, not revoked, not logged out, not protected,
    not removed, not rejected, not ensure, not require*, not limit*, does not check, does not verif*, does not validat*, still valid, still work*, can still,
    stays valid, remains valid, stay logged in, still logged in, still log, even after, after logout, after password change, after it expired, after use,
    over http, over plain http, via http, in logs, in log, in the log*, log files, in debug log*, in url, in the url, in source, in plain text, in clear text, to third parties,
      reads beyond, shows the wrong, shows wrong, shows other, not expiring, beyond the end, leads to, lead to, results in, resulting in, fails to verify, fails to check, fails to validate, fails to,
    reveals, instead of, when parsing, when decoding, when processing, when opening, when reading, is not verif*, is ignored, are ignored, accepts unsigned, accepts any, accepts invalid,
    accepts php, accepts expired, accepted after, accept any, scope of, twice through, used twice, spent twice, claimed twice, refund* twice, read by anyone, visible to, public s3,
    any password, arbitrary, of another user, another users, on behalf of, without confirm*, without consent, without the, without verif*, without check*
    d autre* client*, d autre* utilisateur*, n importe qui, de otro* usuario*, de otro* cliente*, cualquiera puede, se puede, de outro* cliente*, de outro* usuário*, qualquer um,
    di altri utent*, di altri client*, è possibile, altri utenti, läuft nicht ab, nicht geprüft, nicht überprüft, fremde*, jeder kann, anderer kunden, anderer nutzer, beim lesen, niet gecontroleerd, andere gebruikers, innych użytkowników,
    任意用户, 他人, 可被, 可以查看, 다른 사용자, 他のユーザー,
    extended forever, free forever through, marks order, as paid, without paying, without payment, without limit, with any, with wrong, with empty, with invalid, by guessing, by others, than balance, can be extended, can be doubled, can be cancelled, can be canceled, can be claimed, can be shared, can be found, can be listed, can be sent, can be opened, can be created, can be added, can be removed, can be negative, goes negative
    """,
    hints="""
  allows, allow, without,  through, twice,   during, due to, causes, cause,  never, does not, doesnt,
    do not properly,  wrong, shows, instead, accidentally, silently,
    gives,  returns, accepts, marks, runs, executes, reads, writes, sends, stores, loads, uses, serves, skips, ignores, prints
    """,
)

TECHNICAL = Family(
    "technical",
    plain="""
    access token*, session token*, reset token*, csrf token*, api token*, auth token*, bearer token*, session cookie*, reset link*, session id*, certificate*, cert, certs, api key*, private key*,
    signing key*, api, apis, json, xml, yaml, sql, php, http, https, tls, ssh, dns, dnssec, tcp, udp, jwt, oauth*, saml, openssl, kernel, linux, parser*, deserializ*, regex*, pointer*, malloc, realloc, memcpy,
    strcpy, strncpy, printf, mutex*, malware, smtp, imap, ldap, github, gitlab, git, docker, kubernetes, wasm*, webhook*, websocket*, iframe*, cors, endpoint*, cookie*, x509, pgp, gpg, openpgp, hmac, nonce*,
    cipher*, hypervisor, allocator*, syscall*, ioctl*, firmware, bootloader, setuid, sudo, rustls, libc, glibc, javascript, python, rust, crate, crates, npm, pypi, postgres*, mysql, sqlite, redis, nginx, apache, android app*, source code, login page*, password reset*, two factor, webauthn, totp
    """,
    hints="""
    linux, kernel, rpm, rpms, apt, dpkg, debian, ubuntu, redhat, fedora, suse, centos, freebsd, openbsd, solaris, python, perl,
    java, javascript, typescript, php, ruby, rust, crate, crates, cargo, golang, node*, npm, pypi, nginx, apache, tomcat, openssl, gnutls, libre*, ssl, ssh,
    openssh, tls, mtls, http, https, http2, http3, dns, dnssec, tcp, udp, ipv6, ipv4, smtp, imap, pop3, ldap, nfs, smb, usb, pci, api, apis, sdk, cli, json, xml,
    yaml, toml, html, css, svg, regex*, parser*, parse, parses, parsing, compil*, build, module*, plugin*, addon*, library, libs, lib, function*, pointer*, memory, buffer*,
    stack, thread*, mutex*, lock free, socket*, packet*, header*, endpoint*, token*, cookie*, session*, jwt, oauth*, saml, oidc, sso, query, queries, database*, db,
    cache, cached, proxy, firewall, router*, modem*, driver*, daemon*, config*, logging, logs, debug*, tracing, timeout*, commit, branch, git, github, gitlab, cvs, svn,
    release, released, tarball, compile*, dependenc*, integer*, string*, array*, slice*, vector*, iterator*, trait*, impl, struct*, enum*, lifetime*,
    serializ*, serialis*, decod*, encod*, encrypt*, decrypt*, cipher*, hash*, hmac, nonce*, entropy, random*, container*, docker, kubernetes, k8s, wasm*, hypervisor, allocator*,
    malloc, realloc, memcpy, strcpy, strncpy, printf, eval, admin, backend, frontend, middleware, webhook*, websocket*, iframe*, upload*, download link, login page, log in, login form, reset link*, reset token*, reset mail*, reset endpoint,
    checkout, shopping cart, contact form, search form, smart contract*, signature check*, signing key*, private key*, api key*, user id*, uid, root, sudo, setuid, suid, chmod, umask, filesystem, directory, directories, path, paths, file,
    files, url*, uri*, redirect*, cors, spf, dkim, dmarc, mta, dll, exe, binary, binaries, firmware, bios, uefi, bootloader, syscall*, ioctl*, 2fa, mfa, otp, totp, two factor, webauthn, passkey*,
    code, source, syntax, runtime, script*, server*, client*, user, users, input*, output*, argument*, parameter*, field*, http header*, request*, response*, instance*, object*, implement*, interface*, public,
    base64, utf8, utf, unicode, ascii, md5, sha1, sha256, aes, rsa, ecdsa, ecc, x509, pkcs*, pem, asn1, gpg, pgp, openpgp,
    null, nan, loop*, recurs*, alloc*, dealloc*, refcount*, async, concurren*,  atomic*, bound, bounds, check, checks, checking, validat*, length,  limit on, offset*, index, 64 bit, 32 bit,
    パスワードリセット, ログイン画面, ファイル, サーバ, 接口, 登录页面, 后台, 逻辑,
    profile, balance, amount*, value*, codes, button*, page, pages, portal, widget*, dashboard, panel, app, apps, database, export*,  imports, role, roles, setting*, screen*, mobile,   delet*,  stored, shown, calculator, filter*, editor, generator, viewer, preview, template*, checksum*, protocol*,  updater, installer, launcher, handler, callback*, worker*, queue*, index, search, table*, column*, row, rows,  font*, archive*, zip, tar, 
    """,
)

FAMILIES = (FLAW, REPORTING, GRAMMAR, TECHNICAL)
