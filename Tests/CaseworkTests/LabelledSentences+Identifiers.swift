extension LabelledSentences {
    /// Notes as they could be written in haste, each with an identifier that must not be kept.
    ///
    /// No real person's: personal identity numbers have the serials of the tax agency's test numbers (23x, 98x),
    /// telephone numbers are of the series that PTS keeps for books and films (070-174 06 05 … 99, 08-465 004 00 … 99,
    /// 031-390 06 00 … 99, 040-628 04 00 … 99, 0980-31 92 00 … 99) or, abroad, of such series where there are any and
    /// plainly made up elsewhere. Addresses are of example domains and documentation networks, cards are the schemes'
    /// test cards, accounts and profiles are made up.
    static let identifiers = """
        Mamman bad att vi ringer «phone:070-174 06 05» efter klockan 17.
        Numret dit är «phone:08-465 004 12» men hon svarar sällan.
        Fick «phone:0701740633» av honom, lappen ska strimlas.
        Han nås säkrast på «phone:070 174 06 51» om kvällarna.
        Läraren lämnade «phone:031-390 06 18» och ville bli uppringd på torsdag.
        Ring fritids: «phone:040-628 04 44».
        Farmor i Kiruna har «phone:0980-31 92 07».
        Callback to «phone:+46 70 174 06 88» agreed for Tuesday.
        She left her mobile, «phone:+46701740699», before hanging up.
        The teacher's direct line is «phone:+46 8 465 004 30».
        From abroad he dials «phone:0046 70 174 06 12».
        Office in Gothenburg: «phone:+46 (0)31 390 06 77».
        Pappa: «phone:(08) 465 004 55», mamma okänt.
        Kusinen i Oslo har «phone:+47 22 12 34 56» enligt mamman.
        Uncle in London on «phone:+44 20 7946 0958», speaks Somali.
        Brodern i Köpenhamn: «phone:+45 32 12 34 56».
        The sister can be reached at «phone:+1 202 555 0143» after six our time.
        Moster i Berlin, «phone:+49 30 23125 014», vet mer.
        Kontakt i Helsingfors «phone:+358 9 4245 0123».
        Numret som visades var «phone:0046-8-465 004 21», antecknat på lapp.
        Skolsköterskan «phone:08-46500477» svarar före tio.
        Han skickade sms från «phone:070-1740650».
        Tränaren har «phone:070/174 06 29» och har lovat höra av sig.
        Nytt nummer sedan i går: «phone:070.174.06.66».
        She texted me: my new number is «phone:070-174-06-14», old one gone.
        Fritidsledaren bad oss ringa «phone:0701-74 06 43» i stället.
        Bosse på «phone:031-39 00 652» är mentor.
        «phone:08-465 004 99» är pojkens hemnummer.
        Hemtelefonen är «phone:08 465 004 60» och mobilen «phone:070-174 06 61».
        Båda föräldrarnas nummer: «phone:070-174 06 07», «phone:070-174 06 08».
        Caller gave two numbers, «phone:070-174 06 17» and «phone:+46 70 174 06 18».
        Grannen heter något på K, «phone:040-628 04 09».
        Imamen svarar på «phone:+46 40 628 04 31» utom fredagar.
        Ring upp (070-serien): «phone:070-174 06 39».
        Skrev först fel, rätt ska vara «phone:0701 74 06 60».
        Numret till socialsekreterarens privata telefon, «phone:070-174 06 95», får inte stå här.
        Hon bor kvar hos modern, tel «phone:0980-319 255».
        Växelnumret var fel, direktnumret är «phone:040-628 04 77».
        Call back on «phone:+354 555 1234» if nobody answers in Malmö.
        Nås hos mormor i Kiruna: «phone:0980 31 92 88».
        Pojkens personnummer är «identity-number:990118-2387».
        Dottern, «identity-number:20080229-2383», går i nian.
        Hans fullständiga nummer: «identity-number:199107172380».
        Modern, «identity-number:9006022389», har ensam vårdnad.
        Farfar är född 1912, «identity-number:120420+2384».
        The son's Swedish ID is «identity-number:850523-2382».
        He read out «identity-number:19771231-2383» although I asked him not to.
        Personal number «identity-number:6907082389» was in the e-mail she forwarded.
        Samordningsnummer «identity-number:900662-9803» enligt handläggaren.
        Kvinnan har inget personnummer men ett samordningsnummer, «identity-number:19850583-9806».
        Coordination number «identity-number:7701919800» was mentioned by the official.
        Pnr «identity-number:030905-2389», ska inte sparas.
        Elevens nummer («identity-number:110614-2381») står i anmälan.
        Barnets pnr: «identity-number:201106142399».
        Född «identity-number:19580306-2388» i Skövde.
        Han heter inte så, men numret «identity-number:440813-2381» är hans.
        I remissen står «identity-number:19440813-2399» och inget mer.
        Två syskon: «identity-number:20001010-2382» och «identity-number:20030905-2397».
        Legitimation visades upp, nr «identity-number:001010-2390».
        Old lady, born «identity-number:18990307-2388», asked about her grandson.
        Förälderns nummer slutar på fyra siffror, hela är «identity-number:196907082397».
        Mejla mig på «email:orolig.mamma@example.com», sa hon.
        Adressen är «email:kalle82@example.org».
        His e-mail: «email:first.last+line@mail.example.net».
        Write to «email:teacher_7b@skola.example.se» before Friday.
        Skicka tipsen till «email:ANNA.EXEMPEL@EXAMPLE.COM».
        Hon föredrar e-post («email:a.b@example.nu») framför telefon.
        Kontakt <«email:fritids@example.se»>, svarar inom en dag.
        «email:pelle@sub.domain.example.org» studsade.
        Kopia till mailto:«email:kurator@example.com» om det går.
        Svar kom från «email:no-reply-123@example.co.uk».
        Brodern använder «email:björn@exempel.example» numera.
        Please use «email:o'hara@example.ie», she said.
        Chatten visade adressen «ip-address:192.0.2.44» i rutan, det ska den inte.
        Logged in from «ip-address:198.51.100.7» last night.
        Loggen: «ip-address:203.0.113.250», 21:14.
        IPv6-adressen «ip-address:2001:db8::8a2e:370:7334» syntes i felmeddelandet.
        Traced to «ip-address:2001:0db8:85a3:0000:0000:8a2e:0370:7334» he claims.
        Servern svarade på «ip-address:10.20.30.40».
        His router, «ip-address:192.168.17.1», was named after the group.
        Felet kom från [«ip-address:2001:db8:1::ab9:C0A8:102»]:443.
        Kontot «bank-account:5012-0045710» får pengarna.
        Swedbank «bank-account:8327-9, 400 112 233-4» står på lappen.
        Hon skickar pengar till clearing «bank-account:9551 2003102».
        Account at Handelsbanken: «bank-account:6789 123 456 703».
        He transfers to «bank-account:6543-880 022 116» every month.
        Kontonummer «bank-account:72311200453» hos sonen.
        Nordea personkonto «bank-account:3300-990118 2387».
        Sparbanken «bank-account:8105-9 903 345 678-2» enligt kvittot.
        Danske «bank-account:1203 77 120 49» användes till resan.
        Avsändarkontot: «bank-account:9023-776 120 5».
        Bank account «bank-account:9273-4003910» was hers.
        Insamlingen går till bankgiro «giro:991-2346».
        Bg «giro:5012-9980» har visat sig vara privat.
        Betalade till «giro:7340-1226» två gånger.
        Plusgiro «giro:41 26 01-7» står på affischen.
        Pg «giro:482 91 56», sa han.
        PlusGiro «giro:4812233-7» tillhör en privatperson.
        Giro payment to «giro:533-0121» by her husband.
        IBAN «iban:SE37 5000 0000 0544 0004 7881» hittades i mobilen.
        Money went to «iban:NO9386011117947».
        Överfört till «iban:DE89 3704 0044 0532 0130 00» i mars.
        Kusinens konto, «iban:FI21 1234 5600 0007 85», är tömt.
        iban: «iban:gb82 west 1234 5698 7654 32».
        Sent via «iban:DK5000400440116243», two thousand.
        Kortet «card:4111 1111 1111 1111» användes av någon annan.
        Card number «card:5555-5555-5555-4444» was phoned in.
        Amex «card:3782 822463 10005» enligt pappan.
        Han läste upp «card:4242424242424242» utan att jag bad om det.
        Diners «card:30569309025904» fanns i plånboken.
        A Mastercard, «card:2223 0031 2200 3222», in the boy's name.
        Kortbetalning med «card:6011 0009 9013 9424» spårades.
        Profilen «profile:facebook.com/exempel.person» visar bilderna.
        Allt ligger på «profile:https://www.instagram.com/exempel_konto/» sa hon.
        «profile:https://x.com/exempel_82» har lagt ut det.
        Tweeted by «profile:https://twitter.com/example_user/status/123456».
        Filmen finns på «profile:tiktok.com/@exempelkonto».
        Look at «profile:https://www.youtube.com/@examplechannel» she said.
        Add me: «profile:snapchat.com/add/exempel99».
        His «profile:https://se.linkedin.com/in/exempel-person-1a2b» says teacher.
        Gruppen leds av «profile:t.me/exempel_kanal».
        Chat via «profile:https://wa.me/46701740605» only.
        «profile:https://m.facebook.com/profile.php?id=100000000000001» är brodern.
        Hittade «profile:vk.com/id0000001» i historiken.
        Sonen heter «profile:@exempel_99» på instagram.
        On TikTok he is «profile:@example.user», follow count rising.
        Instagram: «profile:@nagon.annan», privat konto.
        Snapchat «profile:@exempel_snap» skickade bilden.
        Han skriver som «profile:@exempelfigur» på Telegram.
        Discord: «profile:exempel_4821» är hans namn där.
        """

    /// The same things, written so that a simple search would miss them, and several at once.
    static let evasions = """
        Fullbredd: «phone:０７０－１７４　０６　０５» kom från chatten.
        Arabiska siffror: «phone:٠٧٠-١٧٤ ٠٦ ٠٥» skrev hon av.
        Persiska: «phone:۰۷۰۱۷۴۰۶۵۰» stod i meddelandet.
        Devanagari «phone:०७०-१७४ ०६ ०७» går lika bra.
        Hårda mellanslag: «phone:070\u{A0}174\u{A0}06\u{A0}05» från webben.
        Smala mellanslag: «phone:070\u{202F}174\u{2009}06\u{200A}05».
        Mjuka bindestreck: «phone:070\u{AD}174\u{AD}06\u{AD}05» från ordbehandlaren.
        Tankstreck: «phone:070–174–06–05» och «phone:08—465 004 12».
        Minustecken: «phone:070−174 06 09».
        Hårt bindestreck: «phone:070\u{2011}174\u{2011}0605».
        Osynligt tecken: «phone:0\u{200B}7\u{200B}0\u{200B}1\u{200B}7\u{200B}4\u{200B}0\u{200B}6\u{200B}0\u{200B}5».
        Word joiner inside: «phone:070\u{2060}174\u{2060}0605» pasted.
        Byte order mark inside: «phone:0701\u{FEFF}740605».
        Right-to-left mark: «phone:\u{200F}070-174 06 05\u{200F}» ur chatten.
        Matematiska siffror: «phone:𝟎𝟕𝟎-𝟏𝟕𝟒 𝟎𝟔 𝟎𝟓».
        Siffra för siffra: «phone:0 7 0 1 7 4 0 6 0 5».
        Parvis: «phone:07 01 74 06 05» som fransmän skriver.
        Med bokstaven O: «phone:O7O-174 O6 O5».
        Punkter mitt i raden: «phone:070·174·06·05».
        Radbrytning:«phone:070-174\\n06 05» stod på två rader.
        Ihopskrivet med ord: mobil«phone:0701740605»hem.
        Understruket _«phone:070-174 06 05»_ och *fetstilt*.
        I parentes («phone:0701740605»).
        Före punkt «phone:070-174 06 05».
        Citat: "«phone:070-174 06 05»", sa han.
        Efter kolon utan mellanslag tel:«phone:+46701740605».
        Med dubbla mellanslag: «phone:070  174  06  05».
        Blandat: «phone:070 - 174 06 05».
        Landsnummer i parentes: «phone:(+46) 70-174 06 05».
        Landsnummer utan mellanslag: «phone:+46(0)701740605».
        Fullbreddsplus: «phone:＋46 70 174 06 05».
        Nollor isär: «phone:00 46 70 174 06 05».
        Snedstreck: «phone:08/465 004 12».
        Tabb emellan: «phone:070\\t174\\t06\\t05».
        Anknytning: «phone:08-465 004 12» ankn 214.
        Två utan mellanrum: «phone:070-174 06 05»/«phone:070-174 06 06».
        Sist i texten «phone:070-174 06 05»
        «phone:070-174 06 05» först i texten.
        Numret följt av år: «phone:070-174 06 05» 2017 bytte hon.
        Tre siffror före: 113 «phone:070-174 06 05».
        Emojisiffror: «phone:0️⃣7️⃣0️⃣1️⃣7️⃣4️⃣0️⃣6️⃣0️⃣5️⃣».
        Personnummer med tankstreck: «identity-number:990118–2387».
        Personnummer med mellanslag: «identity-number:990118 2387».
        Personnummer med datumstreck: «identity-number:1999-01-18-2387».
        Personnummer med mellanrum kring strecket: «identity-number:19990118 - 2387».
        Personnummer i fullbredd: «identity-number:９９０１１８－２３８７».
        Personnummer på arabiska: «identity-number:٩٩٠١١٨-٢٣٨٧».
        Delat årtal: «identity-number:19 990118-2387».
        Mjukt bindestreck i personnummer: «identity-number:990118\u{AD}2387».
        Hårt mellanslag: «identity-number:19990118\u{A0}2387».
        Punkter: «identity-number:1999.01.18-2387».
        Samordningsnummer i fullbredd: «identity-number:９００６６２－９８０３».
        Pnr«identity-number:9901182387»ihop.
        Mejl i fullbredd: «email:anna＠example．com».
        Mejl med (at): «email:anna(at)example.com».
        Mejl med [at] och mellanslag: «email:anna [at] example.com».
        Mejl med snabel-a: «email:anna (snabel-a) example (punkt) com».
        Mejl med mellanslag: «email:anna @ example.com».
        Mejl med osynligt tecken: «email:anna\u{200B}@\u{200B}example.com».
        Mejl sist i mening: «email:anna@example.com».
        Kyrilliskt a: «email:аnna@example.com».
        Portnummer: «ip-address:192.0.2.44»:8080.
        IP med fullbreddspunkter: «ip-address:192．0．2．44».
        Kort med hårda mellanslag: «card:4111\u{A0}1111\u{A0}1111\u{A0}1111».
        Kort parvis: «card:41 11 11 11 11 11 11 11».
        Kort i fullbredd: «card:４１１１１１１１１１１１１１１１».
        IBAN med hårda mellanslag: «iban:SE37\u{A0}5000\u{A0}0000\u{A0}0544\u{A0}0004\u{A0}7881».
        IBAN med bindestreck: «iban:SE37-5000-0000-0544-0004-7881».
        Bankgiro med tankstreck: bg «giro:5012–9980».
        Bankgiro utan streck: bankgiro «giro:50129980».
        Konto med tankstreck: «bank-account:5012–004 571 0».
        Länk med stora bokstäver: «profile:FACEBOOK.COM/Exempel.Person».
        Länk utan protokoll i parentes («profile:instagram.com/exempel_konto»).
        Länk i fullbredd: «profile:ｔ．ｍｅ／exempel_kanal».
        Link with tracking: «profile:https://www.instagram.com/exempel_konto?igshid=abc» copied.
        Allt på en gång: «identity-number:990118-2387», «phone:070-174 06 05», «email:anna@example.com».
        """
}
