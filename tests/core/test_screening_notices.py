"""Invented notices that ask for a click, in many languages, on the plainest header there is."""
# ruff: noqa: RUF001 - words of many languages

from tests.support.screened import share_held

SUBJECTS = """
Security alert: sign-in from Lagos, Nigeria
Your account will be permanently closed
Important changes to your bank account
Your card ending in 4421 was blocked
Re-activate your online banking access
Last warning: mail server shutdown notice
Please validate your e-mail address
Microsoft account password reset confirmation
You have 3 undelivered incoming mails
Amazon: unable to process your order
Apple: Receipt for your purchase, order MJ77231
PayPal: You sent a payment of $749.00 USD
Your Geek Squad subscription renews today
McAfee: 14 viruses found on your PC
Your iCloud photos will be deleted
Track your item: arriving today between 2 and 4 pm
FedEx: incomplete address for tracking 7749201
Unpaid toll notice
Traffic violation: pay your fine
Court appearance notification
HR: updated leave policy, please acknowledge
Annual bonus statement enclosed
New document: contract for signature
Your OneDrive file was shared
Audio message from reception
Proforma invoice for your approval
Kindly send your best quotation
Bank details changed, please note before payment
Are you available? Need a quick favor
Urgent wire needed today
Costco loyalty survey: claim your prize
You won a Samsung Galaxy
Your lottery ticket number was drawn
Compensation payment of $2.5 million USD
Donation from a billionaire
I am a dying widow and need your trust
Trust Wallet: verify your recovery phrase
Ledger security notice: update your device now
Earn 15% daily with our crypto trading bot
Hot stock about to explode
Get rich with real estate
Debt relief program approved
Instant approval credit card, bad credit ok
Cheap car insurance quotes
Solar panels for $0 down
Grow your hair back naturally
Doctors hate this: burn belly fat
Enlarge your manhood
Lonely wives looking for fun
Anna sent you a private photo
Replica watches at lowest price
Ray-Ban sunglasses 90% OFF today only
Domain name expiration notice
Website redesign proposal
We can rank your website #1
Wholesale LED lighting from China factory
B2B contact lists for sale
Unsubscribe confirmation required
Work part time, be your own boss
University degree without studying
Online poker bonus, no deposit
Ihre Kreditkarte wurde eingeschränkt
Aktualisieren Sie Ihre Zahlungsdaten
Ungewöhnliche Anmeldung festgestellt
Sendung zurückgehalten: Zollgebühren bezahlen
Glückwunsch! Sie wurden ausgewählt
Abnehmen ohne Diät
Ihr Vertrag läuft aus - jetzt verlängern
Bewerbung als Assistent, siehe Anhang
Votre carte bancaire expire bientôt
Nouveau message vocal
Avis d'amende : régularisez maintenant
Gagnez de l'argent depuis chez vous
Votre boîte mail est saturée
Actividad inusual en tu cuenta
Tu suscripción ha caducado
Multa de tráfico pendiente
Gane dinero desde casa
Actualice sus datos bancarios
Seu cartão foi bloqueado
Comprovante de transferência Pix
Sua senha expirou
Empréstimo liberado na hora
Accesso sospetto al tuo account
La tua carta è stata sospesa
Guadagna 500 euro al giorno
Verleng uw abonnement
Bevestig uw gegevens
Ongebruikelijke activiteit op uw account
Twoje hasło wygasa
Faktura do zapłaty
Szybka pożyczka bez BIK
Ваша карта будет заблокирована
Налоговый вычет: получите 13 000 руб
Знакомства для взрослых
Скидка 70% только сегодня
Срок действия вашего пароля истекает
您的邮箱容量已满
账号异常登录提醒
退税通知
加微信领取红包
兼职日结三百
クレジットカード利用確認のお願い
ログイン通知:新しい端末からのアクセス
未払い料金のお知らせ
高額当選おめでとうございます
배송이 보류되었습니다
카드 결제 승인 안내
메일함 용량 초과
Kredi kartınız bloke edildi
Vergi iadeniz hazır
Faturanız ödenmedi
تأكيد معلومات بطاقتك
قرض شخصي سريع
Vaše heslo brzy vyprší
Ditt lösenord går ut i dag
Skatteåterbäring väntar
Mật khẩu của bạn sắp hết hạn
Selamat! Anda memenangkan hadiah
Parola dumneavoastră va expira
Ваш обліковий запис заблоковано
Re: Microsoft account unusual signin activity
Microsoft-Konto: Ungewöhnliche Anmeldeaktivität
[EXT] Mail Delivery Failure: 5 messages blocked
IT Helpdesk: mandatory password change
Your e-mail has been blacklisted
Server maintenance: keep your account active
ACH remittance copy
Overdue balance – immediate settlement
Signature needed on NDA
You have been added to a Teams channel
Voice Note received 11:42 AM
Your Chase card has been temporarily locked
Wells Fargo: we've noticed suspicious activity
Coinbase: withdrawal of 0.42 BTC confirmed
MetaMask will suspend your wallet
Your Amazon Prime membership could not be renewed
Netflix: Problem mit Ihrer Zahlung
Ihre Zahlung wurde abgelehnt
DHL: Ihre Sendung ist unterwegs
Ihre Bestellung konnte nicht geliefert werden
Deutsche Bank - Neue Sicherheitsrichtlinie photoTAN
Amazon: Bestätigung Ihrer Bestellung 302-11
Sie haben einen neuen Gutschein erhalten
Rückzahlung vom Finanzamt
Wichtig: Ihr Kundenkonto wird geschlossen
1&1 Postfach: Speicherplatz erschöpft
Letzte Chance: 80% Rabatt auf alles
Exklusives Angebot für Sie
Livraison de votre colis suspendue
Votre facture EDF est disponible
Ameli: remboursement de 234,80 euros
Dernière relance avant coupure
Netflix : échec de votre paiement
Banque Postale: nouveau message sécurisé
Offre exclusive pour vous
Gagnez une carte cadeau Carrefour
Confirmation de votre commande
Correos: su paquete está en camino, pague 1,99 €
BBVA: acceso desde un nuevo dispositivo
Netflix: actualiza tu forma de pago
Aviso de cobro judicial
Última oportunidad para reclamar tu premio
Factura electrónica disponible
Santander: bloqueo preventivo
Bradesco informa: seus pontos vão expirar
Itaú: dispositivo não reconhecido
Fatura disponível para pagamento
Sua fatura vence hoje
Comunicado: seu CPF será suspenso
Oferta imperdível para você
Currículo em anexo
Poste Italiane: la sua utenza è stata limitata
Intesa Sanpaolo: conferma dati
INPS: rimborso in attesa
Il tuo abbonamento Netflix è scaduto
Ordine confermato n. 88412
ING: uw pas vervangen
PostNL: uw pakket staat klaar
Uw factuur van Odido
Rabobank: verifieer uw gegevens
Allegro: konto zawieszone
InPost: paczka zatrzymana
Twoja faktura za prąd
Сбербанк: подозрительный вход
Вам начислена выплата 48 000 рублей
Ваш заказ готов к получению
Кэшбэк ждет вас
Выгодное предложение для вашего бизнеса
【Amazon】アカウント停止のお知らせ
【三井住友カード】ご利用確認のお願い
ETCサービスの利用停止について
Amazonプライムの自動更新設定を解除いたしました
[楽天]お支払い情報の更新
えきねっとアカウントの自動退会処理について
未払い税金のお知らせ
[네이버] 새로운 기기에서 로그인되었습니다
국민은행 보안카드 재발급 안내
[CJ대한통운] 주소 불명으로 배송 불가
투자 수익 300% 보장
ETC卡停用通知
关于发放个人补贴的通知
您有一张新的电子发票
邮箱系统升级通知
最新招聘信息 日薪500
Garanti BBVA: kartınız kullanıma kapatıldı
PTT kargo: ödeme bekleniyor
Bahis sitesinde 500 TL bonus
بريد دبي: طردك محتجز
تنبيه: سيتم إغلاق حسابك
فرصة استثمار مربحة
Win a Dyson vacuum today
Ace Hardware: you have been chosen
Harbor Freight rewards opportunity
Final step to receive your Yeti cooler
Confirm receipt of your CVS reward
Your 2024 benefits package is here
Unlock your hidden savings
New treatment for joint stiffness
The weird trick that kills toenail fungus
Tired of snoring? Try this
Hey, are you single?
I saw your pictures and liked you
Nice to meet you
My name is Olga, let's chat
Make $10,000 a month trading forex
AI stock to buy before Monday
Elon Musk's secret crypto project
Homeowners are getting solar for free
Burial insurance from $7/mo
You qualify for debt forgiveness
Medicare open enrollment reminder
Hurry! Only 3 left in stock
Upgrade your kitchen knives
Custom packaging boxes from Shenzhen
CNC machining parts quotation
Dear purchasing manager, we supply valves
SEO proposal for your website
Errors found on your website – ranking drop
Web & app developers at $15/hr
Partnership inquiry
Payment details for pending contract
Inheritance notice from solicitor
Your fund of $10.5 million is ready
UN compensation unit
I have a deal for you
Urgent reply needed
Are you still using this email?
Can you handle this for me today?
I know what you did
Your video will be published
"""


def test_false_notices_are_held_by_their_subject_alone() -> None:
    """At least nine of ten, in every language somebody is likely to be fooled in."""
    assert share_held(SUBJECTS) >= 0.9
