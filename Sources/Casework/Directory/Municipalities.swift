/// The 290 municipalities of Sweden, by county, as Statistics Sweden lists them (Kommuner och län, 2017 to 2026).
enum Municipalities {
    static let byCounty: [County: [String]] = [
        .stockholm: names(
            "Upplands Väsby, Vallentuna, Österåker, Värmdö, Järfälla, Ekerö, Huddinge, Botkyrka, Salem, Haninge, Tyresö, Upplands-Bro, Nykvarn, Täby, Danderyd, Sollentuna, Stockholm, Södertälje, Nacka, Sundbyberg, Solna, Lidingö, Vaxholm, Norrtälje, Sigtuna, Nynäshamn"
        ),
        .uppsala: names("Håbo, Älvkarleby, Knivsta, Heby, Tierp, Uppsala, Enköping, Östhammar"),
        .sodermanland: names(
            "Vingåker, Gnesta, Nyköping, Oxelösund, Flen, Katrineholm, Eskilstuna, Strängnäs, Trosa"),
        .ostergotland: names(
            "Ödeshög, Ydre, Kinda, Boxholm, Åtvidaberg, Finspång, Valdemarsvik, Linköping, Norrköping, Söderköping, Motala, Vadstena, Mjölby"
        ),
        .jonkoping: names(
            "Aneby, Gnosjö, Mullsjö, Habo, Gislaved, Vaggeryd, Jönköping, Nässjö, Värnamo, Sävsjö, Vetlanda, Eksjö, Tranås"
        ),
        .kronoberg: names("Uppvidinge, Lessebo, Tingsryd, Alvesta, Älmhult, Markaryd, Växjö, Ljungby"),
        .kalmar: names(
            "Högsby, Torsås, Mörbylånga, Hultsfred, Mönsterås, Emmaboda, Kalmar, Nybro, Oskarshamn, Västervik, Vimmerby, Borgholm"
        ),
        .gotland: names("Gotland"),
        .blekinge: names("Olofström, Karlskrona, Ronneby, Karlshamn, Sölvesborg"),
        .skane: names(
            "Svalöv, Staffanstorp, Burlöv, Vellinge, Östra Göinge, Örkelljunga, Bjuv, Kävlinge, Lomma, Svedala, Skurup, Sjöbo, Hörby, Höör, Tomelilla, Bromölla, Osby, Perstorp, Klippan, Åstorp, Båstad, Malmö, Lund, Landskrona, Helsingborg, Höganäs, Eslöv, Ystad, Trelleborg, Kristianstad, Simrishamn, Ängelholm, Hässleholm"
        ),
        .halland: names("Hylte, Halmstad, Laholm, Falkenberg, Varberg, Kungsbacka"),
        .vastraGotaland: names(
            "Härryda, Partille, Öckerö, Stenungsund, Tjörn, Orust, Sotenäs, Munkedal, Tanum, Dals-Ed, Färgelanda, Ale, Lerum, Vårgårda, Bollebygd, Grästorp, Essunga, Karlsborg, Gullspång, Tranemo, Bengtsfors, Mellerud, Lilla Edet, Mark, Svenljunga, Herrljunga, Vara, Götene, Tibro, Töreboda, Göteborg, Mölndal, Kungälv, Lysekil, Uddevalla, Strömstad, Vänersborg, Trollhättan, Alingsås, Borås, Ulricehamn, Åmål, Mariestad, Lidköping, Skara, Skövde, Hjo, Tidaholm, Falköping"
        ),
        .varmland: names(
            "Kil, Eda, Torsby, Storfors, Hammarö, Munkfors, Forshaga, Grums, Årjäng, Sunne, Karlstad, Kristinehamn, Filipstad, Hagfors, Arvika, Säffle"
        ),
        .orebro: names(
            "Lekeberg, Laxå, Hallsberg, Degerfors, Hällefors, Ljusnarsberg, Örebro, Kumla, Askersund, Karlskoga, Nora, Lindesberg"
        ),
        .vastmanland: names(
            "Skinnskatteberg, Surahammar, Kungsör, Hallstahammar, Norberg, Västerås, Sala, Fagersta, Köping, Arboga"),
        .dalarna: names(
            "Vansbro, Malung-Sälen, Gagnef, Leksand, Rättvik, Orsa, Älvdalen, Smedjebacken, Mora, Falun, Borlänge, Säter, Hedemora, Avesta, Ludvika"
        ),
        .gavleborg: names(
            "Ockelbo, Hofors, Ovanåker, Nordanstig, Ljusdal, Gävle, Sandviken, Söderhamn, Bollnäs, Hudiksvall"),
        .vasternorrland: names("Ånge, Timrå, Härnösand, Sundsvall, Kramfors, Sollefteå, Örnsköldsvik"),
        .jamtland: names("Ragunda, Bräcke, Krokom, Strömsund, Åre, Berg, Härjedalen, Östersund"),
        .vasterbotten: names(
            "Nordmaling, Bjurholm, Vindeln, Robertsfors, Norsjö, Malå, Storuman, Sorsele, Dorotea, Vännäs, Vilhelmina, Åsele, Umeå, Lycksele, Skellefteå"
        ),
        .norrbotten: names(
            "Arvidsjaur, Arjeplog, Jokkmokk, Överkalix, Kalix, Övertorneå, Pajala, Gällivare, Älvsbyn, Luleå, Piteå, Boden, Haparanda, Kiruna"
        ),
    ]

    private static func names(_ text: String) -> [String] {
        text.split(separator: ",").map { String($0.drop { $0 == " " }) }
    }

    private static let byName: [String: (name: String, county: County)] = {
        var result: [String: (name: String, county: County)] = [:]
        for (county, names) in byCounty {
            for name in names { result[PlainText.letters(name)] = (name, county) }
        }
        return result
    }()

    /// `botkyrka`, `Botkyrka kommun`, `Göteborgs stad`; nil for what is none.
    static func find(_ text: String) -> (name: String, county: County)? {
        var plain = PlainText.letters(text)
        if let found = byName[plain] { return found }
        for ending in ["kommun", "stad"] where plain.hasSuffix(ending) {
            plain.removeLast(ending.count)
            if let found = byName[plain] ?? byName[plain.hasSuffix("s") ? String(plain.dropLast()) : plain] {
                return found
            }
        }
        return nil
    }
}
