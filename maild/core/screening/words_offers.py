"""The vocabulary of unasked offers, by topic: what plainly belongs to it, and what only hints at it."""

from maild.core.screening.lexicon import Family

ADULT = Family(
    "adult",
    plain="""
    porn*, xxx, horny, slut*, pussy, whore*, whoring, fuck, fucked, fucking, cum shot*, cumshot*, erotic*, erotik*, erotis*, lesbian*, naked, nude, nudes, sexy,
    hot girl*, hot babe*, hottest babe*, hot women, hot wives, hot teen*, webcam girl*, my webcam, live webcam*, cam girl*, live cam*, live sex, escorts, milf*, big cock*, big tits,
    tits, boobs, adult site*, adult video*, adult dvd*, adult toy*, adult classified*, adult entertainment, adult access, adult free, adult content, adults only, adult dating,
    sex partner*, sex tonight, sex pic*, sex video*, sex toy*, sex life, want sex, better sex, free sex, have sex, sex chat, sex drive, hookup*, hook up tonight, satisfy a woman, satisfy her,
    satisfy me, in bed, cheating wives, cheating wife, cheating girlfriend*,  orgasm*, blowjob*, playmate*, stripper*, striptease, hentai,  shemale*, gangbang*, hardcore,
    housewives, onlyfans, kinky, incest*, virgins, threesome*, anal, masturbat*, dirty video*, naughty, amateur girl*, college girl*, teen girl*, girls gone, see me, watch me, 
    sexabenteuer, sextreff*, sexkontakt*, geile, seitensprung, rencontre* coquine*, plan cul, femmes chaudes, salope*, sexo, desnud*, putas, calientes, mulheres nuas, gostosas, acompanhante*, donne nude, sesso, incontri,
    секс*, порно*, интим*, эротик*, проститут*, seks, sikiş, azgın, cinsel, seksi, gratis sex
    成人, 情色, 色情, 裸聊, 约炮, 約炮, 援交, 做爱, 激情, 一夜情, 美女, アダルト, エッチ, 出会い系, 出会い, 人妻, 無修正, 熟女, 不倫, 성인, 야동, 조건만남, 섹스, 無碼, جنس, إباحي
    """,
    hints="""
    sex, sexual*, adult*, babe*, girl, girls, teen, teens, webcam*, intimate,  women, wife, wives, woman, ladies, lady, pics, pictures, dirty,  seduc*, passion*, tonight, penetrat*,
     wanna,  女, 女性
    """,
)

DATING = Family(
    "dating",
    plain="""
    meet single*, meet other single*, single women, single men, local single*, singles in, singles near, singles communit*, fastest growing communit*, lonely wom*, lonely wi*, lonely house*, lonely heart*, russian wom*, russian girl*,
    russian bride*, ukrainian wom*, ukrainian girl*, asian wom*, asian girl*, asian bride*, date tonight, on a date, go on a date, dating site*, dating service*, dating invit*, dating profile*, online dating,  someone likes you, likes your profile, likes your photo*,
    secret admirer*, has a crush, sent you a private, private photo*, my photo*, my pic*, looking for love, looking for a man, looking for a serious, serious relationship*, soul mate*, soulmate*, find love, true love, near you wants, want* to chat, wants to meet, want* to meet you, looking for fun,
    beautiful women, beautiful girl*,   waiting for you, remember me, i miss you, my love, kennenlern*, partnersuche, kennst mich, singlebörse, frauen suchen, einsame, rencontre* femme*, femmes seules, célibataires,
    solteras, chicas, mujeres solteras, mujeres busca*, garotas, solteiras, mulheres solteiras, donne single, ragazze, vrouwen in, eenzame, samotn*, randki, знакомств*, девушк*, познакомит*, arkadaşlık sitesi, bayanlar
    交友, 征婚, 約會, 相亲, 寂寞, 出逢い, 女性会員, 恋人, 逆援, 채팅, 만남, 소개팅, تعارف
    """,
    hints="""
    dating, singles, date, dates, romance, romantic, relationship*, lonely, flirt*, kiss*, love, lover*, sweetheart, darling, honey, chat, friendship, cute, pretty,   community, 彼女
    """,
)

PHARMA = Family(
    "pharma",
    plain="""
    viagra, cialis, levitra, sildenafil, tadalafil, kamagra, xanax, valium, ambien,  phentermine, tramadol, hydrocodone, oxycodone, vicodin, propecia, ozempic, semaglutide, wegovy, hgh, growth hormone*, penis*, penile, manhood, your size, bigger size, enlarge*, erectile*, erection*, impoten*,
    weight loss, weight lost, losing weight, lose weight, lose lbs, lose pounds, lose inch*, lose kg, lose kilo*, lost pounds, pounds lighter, pounds in, lbs in, diet pill*, diet patch*, slim patch*, slimming, fat burn*, burn fat, burns fat, burn belly, belly fat, body fat, cellulite, keto, gummies, cbd, blood sugar, blood pressure, lower cholesterol, diabet*, hair loss, hair growth, grow hair, grow your hair, regrow hair,
    anti aging, antiaging, anti ageing, breast enhanc*, breast enlarg*, breast size,  bigger breast*, larger breast*, fountain of youth, online pharmac*, online doctor*, online prescription*, prescription online, no prescription, without prescription, prescription drug*, prescription med*, discount med*, cheap med*, canadian pharm*, canadian med*, canadian drug*, pharmacy*, herbal, libido, stamina, years younger, look younger, wrinkles, tinnitus, joint pain, back pain, knee pain, prostate, testosterone, neuropathy, arthritis, toenail*, quit smoking, stop smoking, teeth whiten*, snoring, detox*, anti obesity,
    obesity, male enhanc*, male enlarg*, sexual perform*, doctors hate, miracle cure*, miracle pill*, natural remed*, health card*, memory loss,  steroids, antidepress*, sex pill*, weight secret*,  vision loss
    abnehmen, potenz*, potenzmittel, pfunde verlieren, schlank*, diätpille*, perdre du poids, maigrir, minceur, perder peso, bajar de peso, adelgaz*, quemar grasa, emagrec*, queima gordura, perdere peso, dimagri*, afvallen, schudn*, odchudzan*, похуде*, потенци*, сбросить вес, таблетк*, zayıflama, kilo ver*
    减肥, 減肥, 壮阳, 壯陽, 伟哥, 威而鋼, 早泄, ダイエット, 痩せ, バイアグラ, 精力, 育毛, 다이어트, 비아그라, 정력, 탈모, تخسيس, فياجرا
    """,
    hints="""
    pill*, meds, med, medication*, medicine*, medical, drug, drugs, prescription*, diet*, slim, slimmer, weight, pounds, lbs, fat, doctor, doctors, health, healthy, healthier, pain, cure*, remed*, whiten*, supplement*, breast*, skin, aging, vitamin*, inches, size, enhancement*, healing, treatment*, energy, younger, hair, muscle*, natural*, herb*, generic, 
    gesund*, santé, salud, saúde, salute, здоров*, 健康, 건강, sağlık
    """,
)

GAMBLING = Family(
    "gambling",
    plain="""
    casino*, poker, jackpot*, lottery, lotteries, lotto, powerball, mega millions, roulette, blackjack, slot machine*, free spin*, freespin*, sports bet*, sportsbook, betting, online bet*, beat the house, wager*, bingo, betway, apuesta*, lotería, loteria*, tragaperras, loterie, casinos, lotterie*, glücksspiel, wettbonus, freispiel*, cassino, apostas, scommess*, lotteria, kansspel, loterij, loteri*,  totolotek,
    казино, лотере*, букмекер*, рулетк*, bahis, kumar, piyango, judi online, slot online, slot gacor, xổ số, cá cược
    赌场, 賭場, 博彩, 彩票, 六合彩, 百家乐, カジノ, パチンコ, 宝くじ, ロト, 競馬, 카지노, 토토, 바카라, 로또, 슬롯, 도박, كازينو, يانصيب
    """,
    hints="""
    bet, bets, gambl*, odds, spin, spins, players, win big, luck, 馬券
    """,
)

INCOME = Family(
    "income",
    plain="""
    make money, making money, money maker*, moneymaker*, makes money, makes you money, make you money, make cash, make a living, make profit*, make huge profit*, make a fortune, earn money, earn cash, earn extra, earn your, earn from home, earn up to, earn over, earn at home, earn per, earn daily, earn weekly,  extra income, extra cash, second income, residual income, passive income, monthly income, unlimited income, income opportunit*, steady income, daily income, financial free*, financial independ*, financial power, get rich, grow rich, become rich, millionaire*, billionaire*, million dollar*, get paid, gets paid, getting paid, cash back, cash bonus*, fast cash, quick cash, instant cash, easy cash, easy money, free money, free cash, more cash, your paycheck, paycheck*, day trad*, stock pick*, stock alert*, stock tip*, hot stock*, penny stock*, stock market, undervalued compan*, buy recommendation*, strong buy, investment opportunit*, investment plan*, investment advice, guaranteed income, guaranteed return*, guaranteed profit*, high return*, double your money, double your income, multiply your, unclaimed, your money, collect your money, government grant*, free grant*, huge profit*, wealth, source of wealth, secret* of wealth, gateway to wealth, home business*, home based business*, homebased, based business, from home,  work at home, working at home, work from your home, be your own boss, own boss, your own business, career opportunit*, new career, job offer*, job opportunit*, dream job, great job, find a job, now hiring, we are hiring, company hiring,  part time job*, part time work, work part time, help wanted, university diploma*, university degree*, college degree*, diplomas, degree program*, online degree*, bachelor degree*, mlm, network marketing, remote job*, remote position*, pyramid, residual*,  commissions, trading bot, trading signal*, forex, day trader*, tax free, real estate, rich with,  debt free, warren buffett,  online business, internet business, chain letter, envelope stuffing, mystery shopper,  financially, signups, sign ups
    geld verdienen, geld verdien*, reich werden, nebenjob*, nebeneinkommen, nebenverdienst, heimarbeit*, jobangebot*, stellenangebot*, passives einkommen, millionär*, gagner de l argent, gagnez de l argent, gagnez, argent facile, revenu* complémentaire*, travail à domicile, travailler à domicile, offre* d emploi, ganar dinero, gane dinero, gana dinero, ingresos extra, dinero desde casa, dinero fácil, trabajo desde casa, trabaja desde casa, oferta* de empleo, oferta* de trabajo, ganhar dinheiro, ganhe dinheiro, dinheiro fácil, renda extra, trabalhe em casa, vaga* de emprego, guadagnare, guadagna, guadagni, soldi facili, lavoro da casa, lavora da casa, offerta di lavoro, offerte di lavoro, thuiswerk*, geld verdienen, verdien geld, bijverdien*, zarabia*, zarob*, praca zdalna, praca w domu, oferta pracy, заработ*, доход*, удаленн* работ*, работа на дому, ваканси*, миллион*, para kazan*, ek gelir, ek iş, iş ilanı, evden çalış*, penghasilan tambahan, kiếm tiền
    赚钱, 賺錢, 致富, 月入, 日赚, 日结, 兼职, 兼職, 招聘, 高薪, 创业, 創業, 投资理财, 炒股, 股票, 发财, 發財, 副業, 稼ぐ, 稼げ, 儲か, 儲け, 不労所得, 在宅ワーク, 高収入, 求人, 月収, 재택, 부업, 알바, 고수익, 재테크, 주식 추천, 급등주, 월수입, وظيفة, اربح المال, كسب المال, دخل إضافي
    """,
    hints="""
    money, cash, income*, profit*, invest, investing, investment*, investor*, rich, fortune*, wealthy, dollar*, paid, million, millions, earning*, earn*, stock, stocks, trading, trader, funds, fund, financial, financ*, grant, grants, career*, hiring, job, jobs, employment, salary, recruit*, boss, opportunit*, degree*, diploma*,  mba, success*, retirement, producer*, producers, business, homebusiness, commission*, annuit*, pension, paying, economy, secret,  program, freedom, 
    geld, argent, dinero, dinheiro, soldi, деньг*,  uang, emploi, empleo, emprego, lavoro, работ*,  投資, 投资, 收益, 理财, 수익, 투자, استثمار
    """,
)

CREDIT = Family(
    "credit",
    plain="""
    mortgage*, refinanc*, refi, home loan*, home equity, personal loan*, payday loan*, business loan*, student loan*, loan offer*, loan approv*, loan rate*, loan application*, loans available, shop your loan, fast loan*, quick loan*, instant loan*, low interest, interest rate*, rates slashed, rates are low, rates low, rates hit, rates are down, low rates, lowest rate*, lower rate*, best rate*, great rate*, debt consolid*, consolidat* debt, consolidat* your debt, out of debt, debt relief,  your debt*, debts, debt program*, eliminate debt, need a credit card, credit card offer*, credit card approv*, approval credit, new credit card, bad credit, poor credit, no credit check*, credit score*, credit repair, credit report*, credit rating*, merchant account*, accept credit, life insurance, term life, term insurance, insurance quote*, insurance rate*, insurance product*, health insurance, auto insurance, car insurance, home insurance, medical insurance, dental plan*,   critical illness,  car warrant*, auto warrant*, vehicle warrant*, extended warrant*, extended auto, home warrant*, pre approved, preapproved, you are approved, youre approved, been approved, pre qualified, line of credit, lender*, tax problem*, tax debt*, tax relief, owe taxes, owe the irs, back taxes,  annuities,  child support,   introductory apr, 
    sofortkredit*, kredit ohne, kleinkredit*, ratenkredit*, kredit, darlehen, schufa, lebensversicherung, zinsen, hypothek*, crédit rapide, crédit sans, crédit immobilier, prêt personnel, prêt rapide, rachat de crédit, offre de prêt, mutuelle santé, mutuelle, assurance vie, assurance auto, préstamo*, crédito rápido, crédito aprobado, hipoteca*, sin aval, seguro de vida, seguro de coche, empréstimo*, crédito aprovado, crédito liberado, consórcio, seguro de vida, prestit*, mutuo, finanziament*, lening*, hypotheek*, geld lenen, pożyczk*, kredyt*, chwilówk*, кредит*, займ*, заем, ипотек*, микрозайм*, kredi ver*, kredi kampany*, kredi fırsat*, kredi onay*, ihtiyaç kredisi, pinjaman, vay tiền, úvěr*, půjčk*, hitel*, lån utan, snabblån
    贷款, 貸款, 放款, 借款, 借钱, 套现, 信用卡办理, 保险, 保險, 低息, ローン, 融資, キャッシング, 借入, 保険, 대출, 무담보, 신용회복, 보험, قرض, تمويل, הלוואה, เงินกู้
    """,
    hints="""
    loan*, insur*, credit, debt, rates, quote*, warrant*, finance, bank, banks, banking, tax, taxes, irs, approved, approval*, afford*, protected, family, families, policy, bills,  risk, medicare, lease, interest, 利息, 利率, 額度, 额度, crédit, crédito, kredi, rente, 
    """,
)

SALE = Family(
    "sale",
    plain="""
    clearance*, blowout*, special offer*, special price*, special deal*, special discount*, limited time, limited offer*, limited quantit*, limited edition, free shipping, free delivery, best price*, best deal*, best offer*, low price*, lowest price*, lower price*, low cost, lowest cost, lowest price*, half price, at lowest, unbeatable, great deal*, amazing deal*, hot deal*, hassle free, without the hassle, no hassle, profitez, qualified leads, email leads, email list for, deal of the, deals of the, black friday, cyber monday, prime day, discount*, coupon*, promo code*, voucher code*, flash sale*, final sale*, sale ends, sale now, big sale*, summer sale*, winter sale*, spring sale*, buy now, buy one, order now, order today, order your, order here, shop now, save up to, save big, save on, save over, save money, save now, save more, big savings, huge savings, wholesale*, replica*, rolex, louis vuitton, ray ban*, rayban*, oakley*, luxury watch*, designer bag*, designer watch*, cheapest, dirt cheap, free trial*, free sample*, free bottle*, free catalog*, free cell*, free phone*, free dvd*, free cd*, free gift*, free access, free info*, free movie*, free membership*, free vacation*, free ticket*, free report*, free quote*, free laptop*, free ipad*, free iphone*,  free health*, free life*, free consult*, free wine,  try it free, try it for free, try for free, get a free, get free, for free, day trial, toner*, inkjet*, ink jet*, ink cartridge*, ink price*, printer cartridge*, cartridges, cigarette*, smokes, tobacco, cigars,  vape*, warez, copy any dvd, copy dvd*, dvd library, paysite, descrambler*, cable box*,   satellite tv, direct tv, long distance, calling card*, phone card*, cents per, cents a minute, per minute, per month, per year, a month for,  seen on tv, as seen on, money back, act now, dont miss, dont wait, last chance, offer expires, offer ends, expires soon offer, limited stock, while supplies, vacation package*, vacation special*, cruise, cruises, gutter guard*, timeshare*, dream vacation, resort, resorts, cheap flights, cheap hotel*,   collectible*,  sunglasses, handbag*, jewelry, jewellery, brand new, must have, money saving, police auction*, seized goods,  software suite, oem software, cheap software, cheap windows, windows license*, best product*, best software, hottest product*, popular product*, as low as,  from only, for only,  no obligation, no cost, at no extra,  satisfaction guaranteed, risk free, spy cam*, hidden cam*, solar panel*,  walk in tub*, hearing aid*, power drill, air fryer, domain name* for, domain name*, domain registration*,  domain extension*, register domain, cost less, why pay, never pay, pay less, tired of paying, christmas gift*, gift idea*, valentine*, fathers day, mothers day, lighter wallet, gadget lover*, find property, property in,  looking for property, ebay secret*, powerseller*, uncover the truth, background check*, cell signal, your cell, cell phone*, web conferenc*, conference call*, video conferenc*, best quality, high quality, premium quality, boost your, super charge
    sonderangebot*, sonderpreis*, rabatt*, ausverkauf*, schlussverkauf*, jetzt kaufen, jetzt sichern, jetzt zugreifen, jetzt bestellen, nur heute, schnäppchen*, angebot des, unser* angebot*, exklusive* angebot*, angebote, kostenlos testen, kostenlose* probe*, gratisprobe*, günstige, billig*, neu im handel, soldes,  offre* spéciale*, offre* exclusive*, offre limitée,  réduction*, pas cher, livraison gratuite, essai gratuit, dernière chance, prix cassés, meilleur prix, oferta*, descuento*, rebajas, envío gratis, aproveche, aprovecha, compre, prueba gratis, promoção, promoções, desconto*, frete grátis, aproveite, imperdível, ofertas, sconto, sconti, offerta speciale, offerte speciali, offerta esclusiva, offerta, saldi, spedizione gratuita, prova gratuita, approfitta*, korting*, aanbieding*, uitverkoop, gratis verzend*, gratis proef*, koopje*, promocj*, rabat*, wyprzeda*, okazj*, zniżk*, darmowa dostawa, oferta specjalna, скидк*, распродаж*, акци*, выгодн*, дешев*, купит*, спецпредложен*, бесплатн*, черная пятница, indirim*, kampanya*, ücretsiz kargo, fırsat*, ucuz, bedava, diskon*, giảm giá, khuyến mãi, slev*, výprodej, kedvezmény*,  rabatter, erbjudande*, tilbud, tarjous*, προσφορ*, εκπτωσ*, reduceri, ofertă*
    特价, 特價, 优惠, 優惠, 促销, 促銷, 打折, 折扣, 免费, 免費, 限时, 限時, 秒杀, 清仓, 批发, 代购, 代开, 发票, 發票, 团购, 大减价, セール, 割引, 激安, 無料, お得, 特価, 限定, キャンペーン, 送料無料, 通販, 格安, バーゲン, 할인, 무료, 특가, 세일, 쿠폰, 파격, خصم, عرض خاص, تخفيض, مجانا, عروض, מבצע, הנחה, חינם, ส่วนลด, โปรโมชั่น
    """,
    hints="""
    free, sale, sales, offer*, deal, deals, price*, priced, cost*, save, saves, saving*, buy, buying, order, ordering, cheap*, bonus*, bargain*, shop*, product*, quality, best, exclusive*, guarantee*, catalog*, dvd, dvds, cd, cds, gadget*, vacation*, travel, holiday*, ticket*, trial, sample*, gift*, luxury, brand, amazing, incredible,  hurry, limited,  off, cents, month, cable, printer*, shipping, extra, special, huge, buck*, cell, phones, extension*,  paying, revolution*, introduc*,  secret*,  survey*, movie*, technology, low, lowest,  watches, shoes, software,   newest, latest, membership, auction*, ebay, unleash, fast, instant*, instantly, wine, prints, 
    gratis, kostenlos*, gratuit*, gratuito, grátis, günstig*, angebot, preis*, prix, precio*, preço*, prezz*, prijs*, цен*, fiyat*, darmow*, 便宜, 价格, 價格, 安い, 가격, سعر
    """,
)

MARKETING = Family(
    "marketing",
    plain="""
    adv, seo, search engine*, backlink*, guest post*, link building, link exchange*, web traffic, website traffic, targeted traffic, more traffic, traffic to your, targeted email*, targeted e mail*, targeted lead*, email address*, e mail address*, million email*, bulk email*, bulk mail*,  mailing lists for, email marketing,  email market*,  internet marketing, online marketing, direct marketing, viral marketing, digital marketing, content marketing, social media marketing, marketing strateg*, marketing service*, marketing tool*,  your marketing, promote your, promote yourself, market your, advertise your, advertis* on, advertis* for, increase sales, increase your sales, increase your*, sales sky*, company sales, your sales, your competition, competition will, customer base, your customers, new customers, more customers, expand your business, grow your business, your business online, your business with, your business, business leads, sales leads, qualified leads, lead generation, web design*, webdesign*, website design*, website redesign*, redesign your, redesign proposal, custom website*, custom web*, app development, mobile app develop*, web development service*, software development service*, development service*, outsourc*, hosting from, reseller hosting, cheap hosting, web hosting plan*, google rank*, page of google, rank on google, rank your,  number one on google, higher ranking*, b2b, contact list*, contact database*, business database*, email database*, trade show*, trade fair*, exhibition*,  attendee list*, attendees list*, webinar*,   manufacturer*, supplier*, factory direct, china factory, chinese factory, from china, chinese market, china market, made in china, our factory, our compan* product*, led light*,  sponsored post*, sponsored article*, influencer*, brand collaboration*, brand ambassador*, collaboration proposal*,  affiliate program*, affiliate offer*, affiliate*,  reach thousands, reach millions, fortune 500, promotional product*, promotional item*, lead list*,   e commerce solution*,  newsletter coach*, get listed,  find client*, instagram follower*, followers, online presence, website audit, seo audit, errors on your website ranking, business cards, translation service*, printing service*,  unsubscribe confirm*,  your web site*,   market*place where, 
    werbung*, anzeige*, werbekampagne*, suchmaschinenoptim*, mehr kunden, neukunden*, kundengewinnung, publicité*, référencement*, plus de clients, prospects, posicionamiento web, posicionamiento seo, publicidad, más clientes, aumente sus ventas, diseño web, base de datos de empresas, divulgação, mais clientes, aumente suas vendas, criação de sites, marketing digital, posizionamento, pubblicità, più clienti, realizzazione siti, reclame*, zoekmachine*, meer klanten, reklam*, pozycjonowan*, więcej klientów, продвижен*, реклам*, рассылк*, раскрутк*, создание сайт*, разработка сайт*, увеличи* продаж*, клиентск* баз*, семинар*, коммерческое предложение, web tasarım, toplu mail, çeviri yazılım*, yazılımları, haberdar ol*
    推广, 推廣, 广告, 廣告, 营销, 營銷, 行銷, 展会, 展會, 展览, 参展, 供应商, 厂家, 生产厂, 群发, 邮件群发, 外贸, 外貿, 营业执照, 培训, 培訓, 研讨会, 课程, 公司注册, 订货, 網站設計, 网站建设, 集客, 広告, 未承諾, 営業代行, 宣伝, 相互リンク, 홍보, 광고, 마케팅, 판매, 提案のご案内, إعلان, تسويق, دعاية
    """,
    hints="""
    marketing, business, businesses, customer*, client*, traffic, promot*, advertis*, newsletter*, website*, web site*, websites, webpage*,  hosting, domain*, competition, market*, exhibit*, convention, conference*, conferencing, agency, services, compan*, partner*, campaign*, growth, solution*, survey*, executive*, industry, specialist*, leading, ranking*, google, brand*, reseller*, internet, success, corporate, professional*, enterprise*, publish*, webdesign*, forum, biz, e commerce, sales, news,  invitation,  custom*, 
    公司, 合作, 产品, 產品, 业务, 業務, 客户, 客戶, 市场, 企业, 企業, 満足, 满意, 御社, 貴社, 貴會, 세미나, شركة, منتج
    """,
)

FAMILIES = (ADULT, DATING, PHARMA, GAMBLING, INCOME, CREDIT, SALE, MARKETING)
