extension LabelledSentences {
    /// Notes as they should be: years, ages, times, sums, sections of law, case numbers, and nobody's identifiers.
    static let clean = """
        Kvinna i 40-årsåldern, orolig för sin son som är 17 år.
        Samtalet varade 55 minuter, nästa kontakt om 14 dagar.
        Ärende 482 915-1 öppnades den 3 mars 2017.
        Hon uppgav referensnummer 107 734-7 när hon ringde igen.
        Numret 900 012-6 gavs före samtalets slut.
        Vi talade om socialtjänstlagen, SFS 2001:453, och vad en orosanmälan innebär.
        Enligt 14 kap. 1 § SoL ska skolan anmäla.
        Brottsbalken 16 kap. 8 § togs upp av läraren.
        Sekretess gäller enligt 26 kap. 1 § OSL (2009:400).
        Hänvisade till kommunens samordnare, återkommer torsdag 16 november kl. 13.30.
        Pappan har varit arbetslös sedan 2009 och flyttade hit 1998.
        Familjen bor i en trea på 72 kvm sedan 2014-08-01.
        Skulden uppgår till 125 000 kr, varav 45 000 kr hos Kronofogden.
        Bidraget är 3 250 kr i månaden.
        Sonen är född 1999 och dottern 2003.
        Hon är 34 år, han 41.
        Möte bokat 2017-03-14 klockan 09:00–10:30.
        Öppet vardagar 9–16, stängt 12–13, kvällar 18–22.
        Om det är akut: ring 112.
        Vi gav numret till 1177 för frågor om vård.
        Polisen nås på 114 14 när det inte brådskar.
        Information vid kris finns på 113 13.
        Bris har 116 111 för barn och unga.
        Anhöriga kan ringa 116 006 vid brott.
        Försvunna barn: 116 000.
        Självmordslinjen 90101 är öppen dygnet runt.
        Kvinnofridslinjen, 020-50 50 50, är gratis.
        Orostelefonen 020-100 200 har stängt på helgen.
        Tredje försöket 2017-05-22, inget svar, ärendet föreslås stängas.
        Cirka 30 % av samtalen gällde unga under 18.
        Klassen har 28 elever, fyra av dem är berörda.
        Han slutade årskurs 9 år 2015 med 210 poäng.
        Andra kontakten: 25 minuter, tredje: 1 timme 10 minuter.
        Postadressen är Box 1234, 111 22 Stockholm.
        De bor i området kring 164 40 Kista.
        Skolan ligger på Storgatan 12 B, 3 tr.
        Buss 179 från hållplatsen varje dag 07.42.
        Rapporten "Barn och unga 2012–2016" är på 148 sidor.
        Diarienummer 2017/0123 hos kommunen.
        Mål B 1234-17 i tingsrätten är inte avgjort.
        Regeringens proposition 2014/15:109 nämndes.
        SOU 2013:81 sidan 45 handlar om avhopp.
        Kommittédirektiv 2014:103.
        Samtal 3 av 5, pågick 14.05–14.50.
        Han har varit i Syrien mellan 2013 och 2015, säger modern.
        Familjen har fem barn: 4, 7, 11, 15 och 19 år.
        Hyran är 8 450 kr och förfaller den 31:a.
        Läraren har 22 års erfarenhet.
        Tiden 13:37 antecknades.
        Vi pratade om film från 1994 och musik.
        Tolk behövs (dari), bokas via kommunen senast 24/11.
        Mötet 12/10 flyttas till 19/10 kl 15.
        Kontakt med två av tre organisationer i listan.
        Kommunen har 85 000 invånare.
        Nästa uppföljning 1–2 veckor efter jul.
        Ringer tillbaka på onsdag den 8:e.
        Referens 0012 0007-0 gavs utan nät.
        Ärendet 813 006-0 stängdes, orsak: nåddes inte efter 4 försök.
        Pojken är 15 år och 8 månader.
        Vecka 46 eller 47 passar bäst.
        Enkätsvar: 4,5 av 5 i snitt, n = 62.
        Stödet kostar ingenting, men resan 65 kr.
        I rapporten från 2016-12-31 fanns 108 ärenden, varav 25 rör barn.
        Hon har läst sidan orostelefonen.example/om och har inga frågor.
        Fick broschyren 2:a upplagan, ISBN 978-91-7000-150-2.
        Skolan har fått 250 tkr i bidrag.
        Föreningen grundades 1923 och har 1 200 medlemmar.
        Modern ville veta mer om 3-årsgräns och åldersgräns 18+.
        Under 2017 kom 1 094 samtal, 2018 kom 1 211.
        Han åkte den 17 juli och kom hem den 4 augusti 2016.
        Enligt läkaren diagnos F43.1, sjukskriven 75 %.
        Talade med vakthavande kl. 02.15 natten till den 6 juni.
        Det är fjärde gången i år, senast 2017-10-02.
        Rum 3114, plan 3, hus 7.
        Väntetiden är 6–8 veckor.
        Han väger 85 kg och är 1,86 lång, sa hon i förbigående.
        Ålder 18–21, inget barn berört.
        Gamla ärendet (2015:17) finns på papper.
        Målet är noll samtal till, skämtade han.
        Sms-kod nämndes men antecknades inte.
        Kontaktlistan är kontrollerad 2017-09-12 av S3.
        S12 tar över på måndag.
        Ring inte före 10, inte efter 20.
        Familjen lever på 14 500 i månaden, fyra personer.
        Omhändertagande enligt LVU (1990:52) diskuterades.
        Kvoten 2/3 räcker inte.
        Det gällde 15–20 ungdomar i åldern 13–17.
        Efter 60 dagar utan svar föreslås stängning.
        Den 1 februari 2017 till den 30 november 2017.
        Följde planen: steg 1, 2 och 3 är klara, 4 återstår.
        Caller is a teacher with 12 years of experience.
        Case 550 231-0 reopened on 4 May 2017.
        She quoted her reference number, 641 902-5, correctly.
        The boy is 16 and his brother 21.
        They moved here in 2004 and again in 2011.
        We talked for 45 minutes; next call in 10 days.
        Rent is SEK 9,850 a month and they owe SEK 120,000.
        The fine was 2,500 kronor.
        Attempt 2 of 3 at 14:20 on 2017-06-01, no answer.
        Told her about 112 for emergencies and 1177 for care.
        The child helpline is 116 111 all over Europe.
        Open weekdays 9 am to 4 pm, closed 12–1.
        Section 14.1 of the Social Services Act was explained.
        Article 8 of the Convention (1950) came up.
        About 55% of the cases were over 25.
        108 cases, 25 of them about children, 116 concerns.
        He was 19 when he left in August 2014.
        The report of 12 December 2016 has 96 pages.
        Seen on television at 19:30 yesterday.
        The school has 430 pupils and 38 teachers.
        They live at number 7, third floor.
        Meeting on 05/12/2017 at 10.15.
        An agreed day: Monday 20 November, between 1 and 3 pm.
        The trip cost 1,200 euros in 2015.
        Grade 9, class of 26.
        She has called 4 times since January.
        It takes 7 to 14 days.
        One of 3 organisations answered within 48 hours.
        The caller was born in 1975, the son in 2001.
        No answer at 09:15, 11:40 and 15:05.
        Version 2 of the leaflet is from 2016.
        Her shift is 22:00 to 06:00.
        The 18–21 band has 9 cases, 8 %.
        A reply came after 3 weeks.
        He watches 5–6 hours of video a day.
        The group has some 40 members in 3 cities.
        S3 takes over on the 21st.
        Chat on Monday evening, 18–22, about football.
        The father earns 27 000 a month before tax.
        Closed on 2017-11-30 after 3 attempts.
        Train at 7.14 or 8.14.
        The law is from 1998, last changed 2018.
        Both are over 65.
        He scored 85 out of 100.
        They waited 2 h 30 min.
        It happened on 9/11, he kept saying.
        """

    /// Nobody's identifiers either, but shaped like them.
    static let lookalikes = """
        Öppettider 08.30–16.00 varje vardag.
        Tider: 09.00-11.30, 13.00-15.30 och 18.00-21.00.
        Kl 08:00-12:00 och 13:00-17:00.
        Stängt 01.07–15.08.
        Datum 08-12-2016 enligt protokollet.
        Mötet den 01.02.2017 blev inställt.
        Den 08/12/2016 kom brevet.
        Perioden 2016-01-01–2016-12-31 omfattas.
        Åren 2011 2012 2013 2014 2015 2016 jämfördes.
        1998, 2001, 2004, 2008, 2012 flyttade de.
        Perioden 2017-2018 jämförs med 2015-2016.
        Läsåren 1980-2016 finns i arkivet.
        Läsåret 2016/2017, klass 8B, sal 214.
        Summa 1 250 000 kr i projektmedel.
        Budgeten är 12 500 000 SEK, utfallet 11 982 340 SEK.
        Kostnad +12 500 000 kr jämfört med 2016.
        Ökning +15 % till 108, sedan -3 %.
        Ärendena 482 915-1, 107 734-7 och 900 012-6 hör ihop.
        Ärende 701 740-7 och 019 450-5 är samma familj.
        Nödnummerformen 0701 0740-4 gavs av en dator utan nät.
        Referens 0812 0042-1, utan nät.
        Referens 0046 1234-2, utan nät.
        Ärende 4829151 skrivet ihop.
        Dnr 0480-2017 hos tingsrätten.
        Dnr 2017-00123-4 hos nämnden.
        Dnr KS 2016/00412-45.
        Åklagarens K-nummer 5000-K123456-17.
        Mål nr T 2345-16 och B 998-17.
        Förordning (EU) 2016/679 artikel 9.
        Organisationsnummer 802000-1234 är påhittat men en förenings form.
        Föreningens organisationsnummer 556000-4615.
        Org.nr 212000-0142 är en kommun.
        ISBN 978-91-44-05502-8 och ISSN 1401-1234.
        Koordinater 59.3293, 18.0686 i boken.
        Avsnitt 4.2.1.3 i handboken.
        Version 12.4.0.118 av programmet kraschar.
        Kapitel 10.11.12.13 finns inte.
        Klockan 12:30:45 bröts samtalet.
        Paragraf 3:4:2 i stadgan.
        Poäng 21-19, 15-21, 21-18 i badminton.
        Storlek 42-44, pris 299:-.
        Tärningskast 4 4 4 2 1 6.
        Koden är 4-4-2, en fotbollsuppställning.
        Lottonummer 3 7 12 18 24 31 35.
        Postnummer 113 30, 164 40, 211 20 och 981 31.
        Box 70 174, 107 24 Stockholm.
        90-konto 90 0123-4 kontrolleras av Svensk Insamlingskontroll.
        Insamlingen har bankgiro 900-1232, ett 90-konto.
        Kontakta Hjälplinjen 0771-22 00 60.
        Anhöriglinjen 0200-239 500 är gratis.
        Föräldratelefonen 020-85 20 00.
        Äldrelinjen 020-22 22 33 vardagar 8–19.
        Ring +46 20 100 200 från utlandet.
        Fråga på tel 116 111 eller chatta.
        Tel 1177 svarar dygnet runt.
        Telefon 90 390, tio till tio.
        Följ @ morgonmötet som vanligt.
        Hon skrev "@" i stället för "a" i chatten.
        Möte @biblioteket kl 14.
        Tack @alla för idag.
        De träffades på facebook.com enligt henne.
        Gruppen finns på facebook.com/groups/ men är stängd.
        Videon låg på youtube.com/watch?v=abc123 och är borttagen.
        Läs mer på instagram.com/explore sa han.
        Appen instagram är installerad sedan 2015.
        Youtube: 3 timmar om dagen.
        Se radda.example/om-oss/kontakt för mer.
        Se sidan www.example.org/stod/2017 för öppettider.
        Paketet har kollinummer i tolv siffror, men vi skrev inte upp det.
        Efter 6 månader + 2 veckor.
        Åldersgräns 15+ och 18+.
        Samtal 1: 10 min, 2: 20 min, 3: 30 min.
        2017-02-01 13:45 ringde hon, 2017-02-08 09:10 igen.
        2017-02-01T13:45:10 enligt loggen.
        20170201–20170301 är perioden.
        Vecka 1704, 1705 och 1706.
        Kl 0930-1145 möte, 1300-1530 handledning.
        Skift 0700-1600 och 1600-0100.
        Bilaga 2 (s. 14-19, 22-27 och 31-40).
        Tabell 3: 43 49 22 2, summa 116.
        Fördelningen 68/32/4 är 104.
        Andelar 23, 8, 14 och 55 procent.
        Resultat 1 094 + 1 211 = 2 305.
        Växelkurs 9,4512 och ränta 0,00 %.
        Termin VT17, HT16, kurs SAH101.
        Kl. 00.15–01.30 var det tyst.
        Temperatur -10 till +25 grader.
        Storlek 1024 x 768.
        The hours are 08.30-16.00 and 18.00-22.00.
        From 2016-09-01 to 2017-06-15, 38 calls.
        Years 2013-2014, 2014-2015 and 2015-2016.
        A budget of 4,000,000 to 5,000,000 kronor.
        Grant +1 500 000 SEK for 2018.
        Flight SK 1428 at 08.05, gate 12.
        Ref. 238 817-9 and 764 031-3 are duplicates.
        Regulation 2016/679, recitals 26-30.
        Act 2001:453, chapter 5, section 1c.
        Chapter 12.3.4.5 of the manual.
        Software release 10.15.7.2 does not matter here.
        Between 070 and 080 pages, he said.
        Numbers 1 2 3 4 5 6 7 8 9 10 counted aloud.
        Phase 1-2-3-4 done.
        She paid 1 200 + 3 400 + 5 600.
        Ages 12, 14, 15, 17, 20, 21.
        Scores 10-8, 9-10, 11-9.
        Meeting @ 2 pm @ the library.
        Page 08-12 of the report.
        Paragraphs 10.1, 10.2 and 11.4.
        Bus 4, 40, 62 and 179.
        Postcode 411 03 and 412 55.
        In 1990 1 2 people of 10 knew.
        The line 020-100 200 is free of charge.
        Call 116 111, 116 000 or 116 006.
        Read it on twitter.com or x.com, she said.
        The channel youtube.com/results was empty.
        """
}
