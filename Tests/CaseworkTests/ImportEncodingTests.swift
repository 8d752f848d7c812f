import Testing

@testable import Casework

/// Files as programs write them, made byte by byte.
@Suite("Import: how files are written")
struct ImportEncodingTests {
    /// The letters that matter, as each encoding has them; taken from the encodings' tables, and not from the product.
    private static let bytes: [TextEncoding: [Character: UInt8]] = [
        .windows1252: [
            "å": 0xE5, "ä": 0xE4, "ö": 0xF6, "Å": 0xC5, "Ä": 0xC4, "Ö": 0xD6, "é": 0xE9, "–": 0x96, "”": 0x94,
            "…": 0x85, "€": 0x80, "š": 0x9A, "’": 0x92,
        ],
        .macRoman: [
            "å": 0x8C, "ä": 0x8A, "ö": 0x9A, "Å": 0x81, "Ä": 0x80, "Ö": 0x85, "é": 0x8E, "–": 0xD0, "”": 0xD3,
            "…": 0xC9, "€": 0xDB, "’": 0xD5,
        ],
        .dos: ["å": 0x86, "ä": 0x84, "ö": 0x94, "Å": 0x8F, "Ä": 0x8E, "Ö": 0x99, "é": 0x82],
        .latin9: ["å": 0xE5, "ä": 0xE4, "ö": 0xF6, "Å": 0xC5, "Ä": 0xC4, "Ö": 0xD6, "é": 0xE9, "€": 0xA4],
    ]

    private static func written(_ text: String, _ encoding: TextEncoding) throws -> [UInt8] {
        try text.map { character in
            if let ascii = character.asciiValue { return ascii }
            return try #require(bytes[encoding]?[character], "\(character)")
        }
    }

    private static func utf16(_ text: String, bigEndian: Bool, mark: Bool) -> [UInt8] {
        ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit in
            let pair = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
            return bigEndian ? pair : pair.reversed()
        }
    }

    private static let log = "datum;ålder;anteckning\n2017-02-01;över 25;Är orolig för sin son\n"

    @Test("one plausible reading is the one", arguments: [TextEncoding.windows1252, .macRoman, .dos])
    func found(encoding: TextEncoding) throws {
        let desk = try ImportDesk()
        let report = try desk.run(Self.written(Self.log, encoding))
        #expect(report.encoding == encoding && report.added == 1)
        #expect(try desk.notes() == ["Är orolig för sin son"])
        #expect(try desk.casework.list().first?.age == "over25")
    }

    @Test(
        "one word is enough, and signs do not mislead",
        arguments: [
            ("är orolig för", TextEncoding.macRoman), ("är orolig för", .windows1252), ("är orolig för", .dos),
            ("sa ”nej” … för 5 €, så", .windows1252), ("sa ”nej” … för 5 €, så", .macRoman), ("vet…", .macRoman),
            ("1990–1995", .windows1252), ("1990–1995", .macRoman), ("PÅ” är", .windows1252),
            ("Dušan är på väg", .windows1252), ("Ärendet på Öland", .macRoman),
        ] as [(String, TextEncoding)])
    func words(text: String, encoding: TextEncoding) throws {
        #expect(try TextEncoding.text(Self.written(text, encoding)) == text)
    }

    @Test(
        "what can be read in two ways, or in none, is asked for with the line",
        arguments: [
            // Ö in MacRoman is … in Windows-1252; ” in Windows-1252 is ö in cp850.
            ("2017-02-01;", [0x85], "rebro\n", "macroman"), ("2017-02-01;", [0x94], "hej\n", "cp850"),
            // A line in UTF-8 and one in Windows-1252.
            ("2017-02-01;för\n2017-02-02;f", [0xF6], "r\n", "none"),
        ] as [(String, [UInt8], String, String)])
    func ambiguous(before: String, bytes: [UInt8], behind: String, named: String) throws {
        let message = try ImportDesk().refusal(
            Array("datum;anteckning\n".utf8) + Array(before.utf8) + bytes + Array(behind.utf8))
        #expect(message.contains("line 2") && message.contains("--encoding"))
        #expect(named == "none" || message.contains(named))
    }

    @Test("an encoding that is named is the one", arguments: [TextEncoding.macRoman, .windows1252, .dos, .latin9])
    func named(encoding: TextEncoding) throws {
        let desk = try ImportDesk()
        try desk.run(Self.written(Self.log, encoding)) { $0.encoding = encoding }
        #expect(try desk.notes() == ["Är orolig för sin son"])
        let letters: [TextEncoding: UInt8] = [.macRoman: 0x85, .windows1252: 0xD6, .dos: 0x99, .latin9: 0xD6]
        #expect(try TextEncoding.text([#require(letters[encoding])] + Array("rebro".utf8), encoding) == "Örebro")
    }

    @Test(
        "UTF-16 is known by its mark, or by its zeros",
        arguments: [(true, true), (false, true), (true, false), (false, false)])
    func utf16(bigEndian: Bool, mark: Bool) throws {
        let text = Self.log + "2017-02-02;17;Ett 😀, och mer\r\n"
        for named in [nil, TextEncoding.utf16] {
            let desk = try ImportDesk()
            let report = try desk.run(Self.utf16(text, bigEndian: bigEndian, mark: mark)) { $0.encoding = named }
            #expect(report.added == 2 && report.encoding == .utf16)
            #expect(try Set(desk.notes()) == ["Är orolig för sin son", "Ett 😀, och mer"])
        }
    }

    @Test("half a surrogate, or half a unit at the end, is a refused row")
    func brokenUTF16() throws {
        let desk = try ImportDesk()
        var bytes =
            Self.utf16("datum;anteckning\n2017-02-01;x", bigEndian: false, mark: true) + [0x3D, 0xD8, 0x0A, 0x00]
        bytes += Self.utf16("2017-02-02;bra\n2017-02-03;y", bigEndian: false, mark: false) + [0x41]
        #expect(try desk.run(bytes).added == 1)
        #expect(desk.refusedLines == [2, 4])
    }

    @Test("bytes that are no character refuse their row, not its neighbours, and come out as they were")
    func undefined() throws {
        let desk = try ImportDesk()
        let bytes =
            try Self.written("datum;anteckning\n2017-02-01;på\n2017-02-02;", .windows1252) + [0x81, 0x0A]
            + Self.written("2017-02-03;så\n", .windows1252)
        #expect(try desk.run(bytes) { $0.encoding = .windows1252 }.added == 2)
        #expect(desk.refusedLines == [3])
        #expect(desk.bad.first?.reason.contains("windows-1252") == true)
        #expect(desk.bad.first?.bytes.contains(0x81) == true)
    }

    @Test("lines end with LF, CR LF or CR", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(end: String) throws {
        let desk = try ImportDesk()
        let text = ["datum;anteckning", "2017-02-01;\"ett\(end)två\"", "2017-13-01;fel", ""].joined(separator: end)
        #expect(try desk.run(text).added == 1)
        #expect(try desk.notes() == ["ett\ntvå"])
        #expect(desk.refusedLines == [4], "a quoted line break counts")
    }

    @Test(
        "a first line sep=; names the separator, with and without a mark",
        arguments: ["sep=;\r\n", "\u{FEFF}sep=;\r\n", "\u{FEFF}sep=;\n"])
    func namedSeparator(line: String) throws {
        let desk = try ImportDesk()
        #expect(try desk.run(line + "oro, typ;datum;anteckning\r\n;2017-02-01;a, b\r\n").added == 1)
        #expect(try desk.notes() == ["a, b"])
        #expect(try desk.run("sep=|\ndatum|anteckning\n2017-02-02|c; d\n").added == 1)
    }

    @Test("one key in both forms of Unicode, one cell with both line ends: the same row")
    func composed() throws {
        let desk = try ImportDesk()
        let composed = "datum,ärende,anteckning\n2017-02-01,\u{D6}-7,\"f\u{F6}rst\r\nsen\"\n2017-02-02,\u{D6}-7,\n"
        let decomposed =
            "datum,a\u{308}rende,anteckning\n2017-02-01,O\u{308}-7,\"fo\u{308}rst\nsen\"\n2017-02-02,O\u{308}-7,\n"
        #expect(Array(composed.utf8) != Array(decomposed.utf8))
        #expect(try desk.run(composed).added == 2)
        #expect(try desk.run(decomposed).known == 2)
        #expect(try desk.casework.list().count == 1)
        #expect(try desk.notes().map { Array($0.utf8) } == [Array("f\u{F6}rst\nsen".utf8)])
    }

    @Test("a character that was lost before is refused, in a file and as a text, and never kept")
    func lost() throws {
        let desk = try ImportDesk()
        #expect(try desk.run("datum;anteckning\n2017-02-01;\u{FFFD}r orolig\n2017-02-02;bra\n").added == 1)
        #expect(desk.refusedLines == [2])
        #expect(throws: CaseworkError.self) { try TextEncoding.text(Array("\u{FFFD}".utf8)) }
        let number = try #require(try desk.casework.list().first?.reference)
        #expect(throws: CaseworkError.self) { try desk.casework.addNote(number, "\u{FFFD}r orolig", by: desk.author) }
    }

    @Test("a text that was read wrongly before is refused, and a name with such letters is not")
    func garbled() throws {
        let desk = try ImportDesk()
        #expect(try desk.run("datum;anteckning\n2017-02-01;Ã¤r orolig\n2017-02-02;São Paulo, Ãguas\n").added == 1)
        #expect(desk.refusedLines == [2] && desk.bad[0].reason.contains("encoding"))
    }

    @Test("a text is kept composed, with line feeds, whoever writes it")
    func door() throws {
        let desk = try ImportDesk()
        let number = try desk.casework.newCase(CaseFields(), by: desk.author, note: "fo\u{308}rst\r\nsen\rsist")
        let text = try #require(try desk.casework.show(number).notes.first?.text)
        #expect(Array(text.utf8) == Array("f\u{F6}rst\nsen\nsist".utf8))
    }

    @Test("a mapping may have any line ends, and be in Windows-1252")
    func mapping() throws {
        let text = "# Deras = våra\r\nSamtalsdag = datum\r\nTyp av oro = oro\roro: våldsbejakande = religious\r\n"
        let mapping = try ImportMapping(parsing: TextEncoding.text(Self.written(text, .windows1252)))
        let desk = try ImportDesk()
        let report = try desk.run("Samtalsdag;Typ av oro\n2017-02-01;Våldsbejakande\n") { $0.mapping = mapping }
        #expect(report.added == 1)
        #expect(try desk.casework.list().first?.concerns == [.religious])
    }

    @Test(
        "what is no text is refused for what it is",
        arguments: [
            ([0x50, 0x4B, 0x03, 0x04, 0x14], "workbook"), ([0xD0, 0xCF, 0x11, 0xE0], "workbook"),
            (Array("%PDF-1.7".utf8), "PDF"), (Array("datum\u{0}".utf8), "zero"),
        ] as [([UInt8], String)])
    func noText(bytes: [UInt8], word: String) throws { #expect(try ImportDesk().refusal(bytes).contains(word)) }

    @Test("a directory is read in the same ways")
    func directory() throws {
        let desk = try ImportDesk()
        let text = "sep=;\rNamn;Erbjuder\rStödgruppen i Växjö;Råd för anhöriga\r"
        #expect(try desk.runDirectory(Self.written(text, .macRoman)).added == 1)
        #expect(try desk.casework.directory().map(\.name) == ["Stödgruppen i Växjö"])
        for form in ["v\u{E4}xj\u{F6}", "va\u{308}xjo\u{308}"] {
            var filter = DirectoryFilter()
            filter.words = [form]
            #expect(try desk.casework.directory(filter).count == 1, "a search finds both forms")
        }
    }
}
