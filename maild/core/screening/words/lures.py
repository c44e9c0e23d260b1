"""What strangers promise or send: prizes, inheritances, parcels, tax refunds; how they address the reader."""
# ruff: noqa: RUF001 - words of many languages

from maild.core.screening.lexicon import Family

PRIZE = Family(
    "prize",
    plain="""
    you won, you have won, gewonnen, youve won, has won, winner*, lucky, win a, win an, win free,
    win up to, answer win, won a prize, won the lottery, won a lottery, claim your, claim a, claim free,
    claim now, claim it, gift card*, giftcard*, free gift*, gift voucher*, e gift, giveaway*,
    give away free, you have been selected, youve been selected, have been selected, been selected,
    been chosen, have been chosen, youve been chosen, hand selected, hand picked, specially selected,
    congratulat*, congrats, award notification*, award winning notif*, your award, cash award*,
    cash prize*, your prize, your reward*, reward* waiting, exclusive reward*, loyalty reward*,
    survey reward*, your vip, vip pass, reward points, loyalty survey, points expire*, points will expire,
    expiring points, your points, bonus points, jackpot winner, mystery box, sweepstake*, raffle,
    prize draw*, prize winner*, prize claim*,
    glückwunsch*, gewinner*, gewinnspiel*, gewinnbenachrichtigung, ihr gewinn, gutschein*, geschenkkarte*,
    ausgewählt, prämie*, félicitation*, vous avez gagné, avez été sélectionné*, avez été choisi*,
    gagnant*, bon d achat, carte cadeau*, cadeau*, felicidades, enhorabuena, ha ganado, has ganado,
    ganador*, premio*, tarjeta regalo, tarjeta de regalo, regalo*, ha sido seleccionad*, sorteo*,
    parabéns, você ganhou, foi sorteado, foi selecionad*, ganhador*, vale presente, vale compras,
    resgate*, resgatar, seus pontos, pontos expira*, livelo, brinde*, congratulazioni, complimenti hai,
    hai vinto, ha vinto, vincitor*, vincita, buono da, buono regalo, è stato selezionato,
    sei stato selezionato, gefeliciteerd, u heeft gewonnen, geselecteerd, prijswinnaar, gratulacj*,
    gratuluje*, wygrał*, wygran*, nagrod*, kupon*, karta podarunkowa, поздравля*, выигра*, выигрыш*, приз,
    приза, призы, победител*, подар*, розыгрыш*, tebrikler, kazandınız, kazanan, ödül*, hediye*, çekiliş*,
    selamat anda, hadiah*, memenangkan, trúng thưởng, quà tặng, grattis, vunnit, vunnet, tillykke,
    gratulerer, vundet, olet voittanut, voitit, onnittelut, gratulálunk, nyert, nyeremény*, felicitări,
    ați câștigat, výhr*, συγχαρητηρια, κερδισ*, вітаємо, виграли,
    恭喜, 中奖, 中獎, 奖品, 獎品, 红包, 紅包, 礼品卡, 抽奖, 抽獎, 领取, 領取, 领奖, 大奖, 当選, 当せん,
    当籤, 懸賞, プレゼント, ギフト券, ギフトカード, おめでとう, ポイント, 賞金, 進呈, 당첨, 축하합니다,
    축하드립니다, 경품, 상품권, 이벤트 당첨, 적립금, مبروك, تهانينا, جائزة, ربحت, هدية, فزت, מזל טוב,
    זכית, פרס, ยินดีด้วย, รางวัล,
    gas card, gift certificate*, win your, win the, you may have won, you could win, chance to win,
    could be yours, enter to win, winning notification, winning email, your winning, prize notification,
    prize award, lucky draw, lucky day, your lucky, lucky person, lucky visitor, special reward,
    cash reward, reward program, rewards program, redeem your, redeem now, unclaimed reward*,
    unclaimed prize*, not claimed, final claim, claim confirmation, take our survey, take survey,
    take the survey, short survey, quick survey, complete survey, answer a few, you qualify,
    you are eligible, youre eligible, you have qualified, pending reward,
    кэшбэк*, кешбэк*, cashback, step to receive, receive your free, receive your gift,
    receive your reward, step to claim, confirm your reward
    """,
    hints="""
    won, win, wins, winning*, prize*, reward*, award*, lucky, claim, claims, claiming, gift, gifts,
    selected, chosen, redeem*, voucher*, gewinn*,
    chance, eligible, qualif*, survey*, opinion*,
    premiu*
    """,
)

ADVANCE_FEE = Family(
    "advance-fee",
    plain="""
    urgent assist*, urgent business*, business assist*, assistance needed, assistance required,
    assistant needed, assistant is required, need an urgent, need your help, need your assist*,
    need your urgent, business proposal*, business propos*, business offer*, business partner*,
    business deal, business transaction, business relationship, business cooperation, mutual* benefi*,
    mutual* business, next of kin, beneficiar*, deceased, late husband, late client, late father,
    transfer of fund*, fund transfer*, transfer of usd, transfer the sum, funds investment,
    invest in your country, investment propos*, investment partner*, confidential propos*,
    confidential business, confidential transaction, confidential partner*, urgent confidential,
    foreign partner*, seeking your partner*, seeking your, your partnership, partnership proposal*,
    compensation fund*, compensation payment*, your compensation, your fund*, your payment of, atm card*,
    atm master*, bank draft*, consignment box*, diplomatic, dying widow, widow*, charity donation*,
    donation to you, donation for you, donation from, from the desk of, from mr, from mrs, from barrister,
    from dr mrs, barrister, dear friend, dear beloved, dear beneficiary, beloved, attention beneficiary,
    good day, god bless*, trust you, need your trust, kindly get back, get back to me,
    kindly reply, kindly respond, kindly contact, kindly confirm, please reply urgent*, immediate reply,
    immediate response needed, quick response needed, urgent response, urgent reply, your kind attention,
    very urgent, quick favor, quick favour, are you available, are you at your desk, million usd,
    million us dollars, millions of dollars, million united, us dollars, million euro*, million pounds,
    crude oil, gold dust, project fund*, loan investor*, ivory coast, burkina, united nations,
    western union, moneygram, mutually, confidentiality,
    erbschaft*, erbe von, geschäftsvorschlag*, geschäftsangebot*, geschäftspartner*, spende für sie,
    proposition d affaire*, partenariat d affaire*, don à vous, propuesta de negocio*, herencia,
    donación para, proposta de negócio*, herança, doação para, proposta d affari, eredità, donazione per,
    erfenis, zakenvoorstel, spadek po, propozycja biznesowa, наследств*, деловое предложение,
    пожертвован*, iş teklifi, miras*, dědictví, obchodní nabídka,
    遗产, 遺産相続, 商业合作, 商務合作, 汇款业务, 遺產, 寄付金, 유산, 상속, 기부금, ميراث, شراكة,
    عرض عمل تجاري,
    awaiting your, awaits your, waiting for your reply, waiting your reply, waiting for your response,
    need your response, your urgent response, your response is, respond urgently, respond asap,
    write me back, contact me urgently, contact my lawyer, contact me for, attention sir, attn sir,
    dear sir, dear madam, hello dear, hi dear, hello friend, hello my friend, my good friend, dearest,
    god has, mr ahmed, from miss, i am mr, i am mrs, i am miss, my name is mr, united states army,
    royal family, minister of, interpol, bank of africa, bank manager, fund release,
    release of your fund*, fund approved, fund of, your abandoned, abandoned fund*, unpaid fund*,
    your inheritance, late relative, same surname, last will, bequest, philanthrop*, covid relief,
    relief fund, grant award, un grant, grant approved, grant for you, your help is, help me please,
    i need your help, confidential matter,
    inheritance fund*, inheritance claim*, an inheritance, unclaimed inheritance, un héritage,
    votre héritage, your assistance, orphanage*, orphans, nigerian,
    un compensation, compensation unit, compensation award, compensation from, inheritance notice,
    handle this for me, do me a favor, do me a favour, need a favor, need a favour, task for you,
    i have a deal, have an offer, have a proposal, deal for you, proposition for you, proposal for you,
    greetings from mr, greetings from mrs, greetings from dubai
    """,
    hints="""
    proposal*, reply, cooperation, greetings, regards, kindly, sincer*, god, trust, respectfully, mrs,
    sir, dear, needed, friend, request,
    await*, response, respond, army, fbi, embassy, inquiry, enquiry, attn,
    assistance, nigeria, world bank, federal reserve, central bank,
    assist, partnership*,
    inheritance
    """,
)

PARCEL = Family(
    "parcel",
    plain="""
    package waiting, package for delivery, package delivery, package arrived, package has arrived,
    package is waiting, package pending, package is held, package held, package on hold, your package is,
    your package has, your package could, waiting for delivery, parcel waiting, parcel delivery,
    parcel is held, parcel held, parcel on hold, parcel has, parcel could, parcel is, your parcel*,
    your shipment*, shipment status, shipment notif*, shipment document*, shipment arriv*,
    shipment on hold, shipment could, shipment pending, shipment is, shipment has, shipping document*,
    shipping notif*, delivery attempt*, delivery fail*, failed delivery attempt, delivery notif* from,
    delivery pending, delivery address, delivery scheduled, delivery update from, redeliver*, re delivery,
    reschedul* delivery, reschedul* your, out for delivery, missed delivery, undelivered package*,
    undelivered parcel*, undeliverable package*, tracking number, tracking no, arriving today, awb,
    bill of lading, customs fee*, customs dut*, customs charge*, at customs, customs clearance, held at,
    import dut*, dhl express, dhl shipment, dhl deliver*, dhl parcel, dhl package, dhl on demand,
    dhl notif*, fedex deliver*, fedex ship*, fedex package, fedex parcel, fedex incomplete, fedex express,
    fedex notif*, ups deliver*, ups package*, ups parcel, ups ship*, usps deliver*, usps package,
    usps could, usps parcel, usps we, usps ship*, usps notif*, royal mail, evri, hermes parcel,
    incomplete address, delivery fee, could not deliver,
    ihr paket, ihre sendung, ihre lieferung, ihre bestellung, paket konnte, paketzustellung*,
    paket wartet, sendung wartet, sendung zurück*, sendungsverfolg*, zustellung fehl*, zustellversuch*,
    zugestellt, zollgebühr*, zollabfertig*, lieferung fehl*, votre colis, colis en attente, colis,
    votre livraison, votre commande, livraison en attente, livraison échouée, frais de douane,
    frais de port, chronopost, colissimo, mondial relay, la poste, su paquete, tu paquete,
    paquete retenido, paquete pendiente, su envío, tu envío, su pedido, envío pendiente, envío retenido,
    entrega fallida, entrega pendiente, aduana*, correos, seur, sua encomenda, seu pacote, seu pedido,
    sua entrega, encomenda*, entrega pendente, entrega não, objeto retido, alfândega, alfandegári*,
    taxa de importação, correios, il tuo pacco, il suo pacco, pacco in attesa, pacco, tua spedizione,
    sua spedizione, tuo ordine, spedizione in, spedizione sospesa, consegna fallita, consegna in,
    mancata consegna, giacenza, dogana*, spese doganali, uw pakket*, je pakket*, pakket kon, pakket wacht,
    pakketje, uw zending, uw bestelling, zending, bezorging, bezorgd, douane*, invoerkosten, postnl,
    paczk*, przesył*, dopłat* do, inpost, kurier*, celn*, посылк*, доставк*, отправлени*, таможн*,
    курьер*, сдэк, kargo*, gönderi*, teslimat*, teslim edil*, gümrük*, zásilk*, zásielk*, balík*,
    doručen*, ditt paket, paketet, din försändelse, leverans*, postnord, tullavgift*, din pakke, pakken,
    forsendelse*, leveres, leveret, toldgebyr*, toll avgift, pakettisi, paketti, lähetyks*, csomag*,
    szállítmány*, kézbesít*, vámkezel*, coletul, colet, livrare*, δεμα, αποστολη σας, paket anda, kiriman,
    bưu kiện, gói hàng, посилк*,
    包裹, 快递, 快遞, 快件, 派送, 投递, 投遞, 清关, 关税, 签收, 取件, 配送, お荷物, 荷物, 宅配, 不在の為,
    不在のため, 持ち帰り, お届け, 再配達, 佐川, ヤマト運輸, 日本郵便, 関税, 택배, 배송, 소포, 우체국,
    통관, 관세, 운송장, 배달, طرد, طردك, شحنة, شحنتك, شحن, توصيل, التسليم, الجمارك, חבילה, משלוח, พัสดุ,
    पार्सल,
    track your order*, track your package*, track your parcel*, track your item*, track your shipment*,
    track your delivery, your package has been, your package was, your order has been,
    your order has shipped, your order is
    """,
    hints="""
    dhl, fedex, usps, ups, dpd, gls, parcel*, shipment*, shipping, shipped, deliver*, courier, customs,
    tracking, postal, freight, paket*, sendung*, lieferung*, livraison*, envío*, paquete*, entrega*,
    pacote*, consegna*, spedizion*, pakket*, levering*, dostaw*, item, arriving, container, cargo
    """,
)

TAX = Family(
    "tax",
    plain="""
    tax refund*, tax rebate*, tax return refund, tax credit*, tax repayment*, tax payment*, tax notice,
    tax statement, tax document from, taxes due, tax reimburs*, hmrc, irs notice, irs refund,
    irs stimulus, irs payment, irs tax, stimulus payment*, stimulus check*, council tax, child benefit,
    social security, medicare benefit*, government benefit*, energy rebate, cost of living payment,
    unemployment benefit*,
    steuerrückerstattung*, steuererstattung*, steuerbescheid*, finanzamt*, elster, bundeszentralamt,
    remboursement d impôt*, impôts, trésor public, antai, devolución de impuesto*, agencia tributaria,
    hacienda, reembolso fiscal, seguridad social, restituição*, receita federal, malha fina,
    imposto de renda, inss, rimborso fiscale, agenzia delle entrate, agenzia entrate, inps, cartella,
    belastingdienst, belastingteruggave, teruggave, toeslag*, zwrot podatku, zwrot nadpłaty,
    urząd skarbowy, krajowa administracja skarbowa, налоговый вычет, налогов*, фнс, госуслуг*,
    компенсаци*, выплат*, vergi iade*, vergi borc*, edevlet, e devlet, sgk, skatteåterbäring,
    skatteverket, skatterefusjon, skatteetaten, tilbagebetaling, veronpalautus, přeplatek na dani,
    adó visszatérítés, adóvisszatérítés, rambursare, επιστροφη φορου, hoàn thuế, pengembalian pajak,
    退税, 退稅, 税务局, 国税, 國稅, 个税, 税務署, 国税庁, 還付, 税金, 給付金, マイナポイント, 年金,
    국세청, 환급금, 환급, 연말정산, 지원금, 국민연금, ضريب, استرداد الضريبة, החזר מס
    """,
    hints="""
    tax, taxes, refund, irs, steuer*, impôt*, impuesto*, imposto*, fiscal*, налог*, vergi, 税, 세금
    """,
)

URGENCY = Family(
    "urgency",
    hints="""
    asap, act now, today only, 24 hours, 24h, 48 hours, 12 hours, within hours, within 24, within 48,
    important, attention, attn, warning, alert, time sensitive, dont wait, hurry, today, expires,
    deadline, notification, notice, reminder, required, act fast,
    urgent*, dringend*, wichtig*, sofort*, umgehend*, achtung, letzte*, erinnerung, immédiat*, dernier*,
    rappel, avis, importante, último*, inmediat*, atención, aviso*, atenção, imediat*, hoje, hoy,
    attenzione, avviso*, subito, oggi, entro, belangrijk*, laatste, direct, vandaag, pilne, ważne, uwaga,
    ostatn*, dziś, срочно, важно, внимание, уведомлен*, последн*, сегодня, acil*, önemli*, dikkat,
    bildirim*, uyarı*, bugün, důležité, pozor, viktigt, viktig, segera, penting, khẩn cấp,
    重要, 緊急, 紧急, 通知, お知らせ, ご案内, 至急, 提醒, 立即, 尽快, 马上, 긴급, 중요, 알림, 안내, 즉시,
    곧, عاجل, هام, تنبيه, إشعار, דחוף, חשוב, ด่วน,
    usdt, your token*
    """,
)

YOU = Family(
    "you",
    hints="""
    you, your, yours, youre, youve, yourself, ur, ihr, ihre, ihren, ihrem, ihrer, ihnen, dein*, votre,
    vos, vous, tu, tus, su, sus, usted, seu, seus, sua, suas, você, tuo, tua, tuoi, suo, vostro, uw, jouw,
    je, twoj*, państwa, swoj*, ваш*, вам, вас, вы, твой, sizin, váš, vaše, ditt, din, dit, anda, bạn,
    您, 你, 贵, 貴方, あなた, お客様, 귀하, 고객, 회원님, لك, الخاص بك, الخاصة بك, שלך
    """,
)

FAMILIES = (PRIZE, ADVANCE_FEE, PARCEL, TAX, URGENCY, YOU)
