"""Names that are often borrowed: companies, banks, offices, and the help desk next door."""
# ruff: noqa: RUF001 - words of many languages

from maild.core.screening.lexicon import Family

BRAND = Family(
    "brand",
    hints="""
    paypal, amazon, netflix, apple, apple id, icloud, itunes, microsoft, microsoft 365, office 365,
    office365, o365, outlook, onedrive, sharepoint, hotmail, facebook, instagram, whatsapp, telegram,
    linkedin, tiktok, snapchat, coinbase, binance, kraken, metamask, trust wallet, ledger, trezor,
    blockchain com, spotify, disney, hulu, ebay, etsy, walmart, costco, norton, mcafee, avast, kaspersky,
    geek squad, best buy, home depot, ace hardware, harbor freight, lowes, cvs, walgreens, yeti, dyson,
    starlink, tesla, steam, roblox, zoom, docusign, adobe, dropbox, wetransfer, godaddy, namecheap,
    cpanel, roundcube, zimbra, stripe, shopify, squarespace, quickbooks, xero, intuit, chase, jpmorgan,
    wells fargo, citi, citibank, bank of america, capital one, usaa, navy federal, truist, pnc, td bank,
    scotiabank, rbc, interac, hsbc, barclays, lloyds, natwest, monzo, revolut, nationwide,
    american express, amex, visa, mastercard, western union, moneygram, venmo, zelle, cash app, ezpass,
    e zpass, dvla, hmrc, irs, tv licensing, royal mail, evri,
    sparkasse, volksbank, commerzbank, postbank, deutsche bank, dkb, comdirect, targobank,
    hypovereinsbank, n26, klarna, otto, zalando, telekom, vodafone, gmx, web de, t online, strato, ionos,
    elster, deutsche post, hermes, lidl, aldi, rewe, edeka, mediamarkt,
    crédit agricole, banque postale, société générale, bnp, bnp paribas, caisse d épargne, crédit mutuel,
    boursorama, orange, sfr, free mobile, bouygues, edf, engie, ameli, antai, impots, carrefour, leclerc,
    decathlon, fnac, la poste, chronopost, colissimo, mondial relay, navigo, sncf,
    santander, bbva, caixabank, bankia, sabadell, ing, movistar, endesa, iberdrola, correos, seur, dgt,
    mercadona, el corte inglés, mercado libre, bancolombia, banorte, telcel,
    bradesco, itaú, nubank, banco do brasil, caixa econômica, mercado pago, mercado livre, livelo, serasa,
    magazine luiza, casas bahia, detran, correios, millennium bcp, novo banco, caixa geral, ctt, mb way,
    intesa sanpaolo, intesa, unicredit, poste italiane, postepay, bancoposta, nexi, fineco, mediolanum,
    enel, inps, agenzia entrate, esselunga, conad,
    rabobank, abn amro, bunq, kpn, ziggo, odido, postnl, digid, bol com, albert heijn, belastingdienst,
    cjib, icscards, belfius, kbc, bpost, argenta,
    pko, mbank, pekao, allegro, inpost, olx, orlen, zus, blik, bank millennium, santander consumer,
    сбербанк, сбер, тинькофф, втб, альфа банк, озон, wildberries, госуслуги, почта россии, яндекс, авито,
    приватбанк, монобанк, нова пошта, garanti, akbank, ziraat, yapı kredi, iş bankası, halkbank, ptt,
    trendyol, hepsiburada, turkcell, e devlet, česká spořitelna, čsob, komerční banka, česká pošta,
    postnord, swedbank, nordea, danske bank, skatteverket, bankid, mitid, nemid, telia, bcr, bt pay,
    alpha bank, eurobank, bca, mandiri, vietcombank, techcombank,
    支付宝, 微信, 淘宝, 京东, 工商银行, 建设银行, 农业银行, 招商银行, 中国银行, 顺丰, 拼多多, 抖音, 楽天,
    アマゾン, メルカリ, 三井住友, 三菱, みずほ, りそな, ゆうちょ, イオン, えきねっと, ヤフー, ドコモ,
    ソフトバンク, セゾン, エポス, オリコ, マイナ, ヤマト運輸, 佐川急便, 日本郵便, ネットフリックス,
    アップル, 네이버, 카카오, 국민은행, 신한, 우리은행, 하나은행, 농협, 쿠팡, 국세청, 우체국, 대한통운,
    로젠, 삼성카드, 토스, سوق, أرامكس, بريد,
    it helpdesk, helpdesk, help desk, it support, it department, it desk, it service, it admin,
    system administrator, sysadmin, mail administrator, email administrator, mail admin, webmail admin,
    admin team, mail team, support team, account team, billing team, account services, customer service,
    customer care, hr team, hr department, human resources, payroll team, accounts department,
    mail server, web admin, webmaster, domain services
    """,
)

FAMILIES = (BRAND,)
