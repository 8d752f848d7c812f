import Foundation
import Replica
import Testing

@testable import Casework

@Suite("The words in two languages")
struct WordsTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test("both files have the same keys, and the same places to fill in")
    func sameKeys() throws {
        let (swedish, english) = (Words(.swedish), Words(.english))
        #expect(swedish.keys.symmetricDifference(english.keys).isEmpty)
        #expect(swedish.keys.count > 500)
        let places = try Regex("\\{\\w+\\}")
        for key in swedish.keys {
            let pair = [swedish(key), english(key)]
            #expect(!pair.contains { $0.isEmpty }, "\(key)")
            // What a lower layer says in English need not stand in a Swedish sentence that says it.
            let filled = pair.map { text in
                text.matches(of: places).map { String(text[$0.range]) }.filter { $0 != "{message}" }.sorted()
            }
            #expect(filled[0] == filled[1], "\(key)")
        }
    }

    @Test("every choice has its word in both languages, and is understood by it")
    func choices() throws {
        func check<Word: WordedChoice>(_ type: Word.Type) throws {
            for language in Words.Language.allCases {
                let words = Words(language)
                for word in Word.allCases {
                    let key = "\(Word.wordsTopic).\(word.rawValue)"
                    #expect(words.keys.contains(key), "\(key)")
                    // A promise's word is shown, not typed.
                    if Word.self == MeasureStatus.self { continue }
                    #expect(try Word(typed: word.label(words)) == word, "\(key) in \(language)")
                    #expect(try Word(typed: word.rawValue) == word)
                }
            }
        }
        let all: [any WordedChoice.Type] = [
            CaseStatus.self, Caller.self, Concern.self, AgeBand.self, Channel.self, ContactKind.self,
            ClosingReason.self, Request.self, Interpreting.self, NoteKind.self, MeasureKind.self, MeasureStatus.self,
            ResearchOffer.self, HeardOf.self, ReferralWay.self, ReferralOutcome.self, FollowUpKind.self,
            FollowUpStatus.self, AttemptResult.self, OrganisationKind.self, DirectorySource.self,
            VerificationResult.self, ActivityKind.self,
        ]
        for type in all { try check(type) }
    }

    @Test("every key that the program asks for is there")
    func usedKeys() throws {
        let keys = Words(.english).keys
        var count = 0
        for (pattern, prefix) in Self.askingPatterns {
            let asked = try Regex(pattern, as: (Substring, Substring).self)
            for (name, text) in try Self.sources {
                for match in text.matches(of: asked) {
                    let key = String(match.output.1)
                    // `day("on", …)` and `text("TEXT")` name options, which have no dot.
                    guard key.contains(".") || !prefix.isEmpty else { continue }
                    count += 1
                    // All keys are too many to be told.
                    let isThere = keys.contains(prefix + key)
                    #expect(isThere, "\(prefix + key) in \(name)")
                }
            }
        }
        #expect(count > 300)
    }

    /// How the sources ask for a key, and what stands before it in the files of words.
    private static let askingPatterns = [
        (
            "(?:say|words|tell|ask|confirm|choose|chooseSeveral|writeID|text|day|askDay)\\(\\s*\"([a-zA-Z0-9]+(?:\\.[a-zA-Z0-9]+)*)\"",
            ""
        ),
        ("key: \"(failure\\.[a-zA-Z]+)\"", ""),
        ("CaseworkError\\(\\s*\\.[a-zA-Z]+,\\s*\"([a-zA-Z0-9.]*[a-zA-Z0-9])\"", "error."),
        ("refusal\\(\"([a-zA-Z]+)\"", "error.gate."), ("\\.pick\\([^\"]*\"([a-zA-Z]+)\"", "noun."),
        ("static let topic = \"([a-zA-Z -]+)\"", "topic."),
    ]

    private static var sources: [(name: String, text: String)] {
        get throws {
            var sources: [(String, String)] = []
            for folder in ["Sources/lugn", "Sources/Casework"] {
                let files = FileManager.default.enumerator(
                    at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
                while let file = files?.nextObject() as? URL {
                    guard file.pathExtension == "swift" else { continue }
                    sources.append((file.lastPathComponent, try String(contentsOf: file, encoding: .utf8)))
                }
            }
            return sources
        }
    }

    @Test("an error is said in both languages, with what it is about filled in")
    func errors() throws {
        let error = try #require(throws: CaseworkError.self) { try ReferenceNumber(parsing: "482 915-4") }
        #expect(Words(.swedish)(error.told).hasPrefix("ärendenumret är felskrivet"))
        #expect(error.message.hasPrefix("the reference number is mistyped"))
        let age = try #require(throws: CaseworkError.self) { try ClosingReason(word: "x") }
        #expect(Words(.swedish)(age.told).hasPrefix("orsaken är något av finished, "))
    }

    @Test(
        "what is typed is understood in both languages, whatever its case, spaces and hyphens",
        arguments: [
            ("anhörig", Caller.relative), ("Närstående", .relative), ("RELATIVE", .relative),
            ("extern aktör", .external), ("själv  involverad", .involved),
        ])
    func callers(text: String, expected: Caller) throws {
        #expect(try Caller(typed: text) == expected)
    }

    @Test(
        "an age is a band, or a number of years",
        arguments: [
            ("17", AgeBand.under18), ("18 år", .from18To21), ("21", .from18To21), ("22", .from22To25),
            ("26år", .over25),
            ("under 18", .under18), ("22-25", .from22To25), ("över 25", .over25),
        ])
    func ages(text: String, expected: AgeBand) throws {
        #expect(try AgeBand(typed: text) == expected)
    }

    @Test("what is no word of a choice is refused, with those that are")
    func unknown() {
        let error = expectRefusal(.badValue) { _ = try Caller(typed: "granne") }
        #expect(error?.message.contains("relative") ?? false)
        for text in ["", "-1", "121", "1000", "17,5"] { expectRefusal(.badValue) { _ = try AgeBand(typed: text) } }
    }

    @Test(
        "days are typed in Swedish too",
        arguments: [
            ("idag", "2017-03-15"), ("i morgon", "2017-03-16"), ("imorgon", "2017-03-16"), ("igår", "2017-03-14"),
            ("fredag", "2017-03-17"), ("fre", "2017-03-17"), ("onsdag", "2017-03-22"), ("mon", "2017-03-20"),
            ("Monday", "2017-03-20"), ("+7", "2017-03-22"), ("lör", "2017-03-18"),
        ])
    func days(text: String, expected: String) throws {
        #expect(try CalendarDate(typed: text, today: day("2017-03-15")) == day(expected))
    }

    @Test("days that are none are refused", arguments: ["", "someday", "+", "+-1", "2017-02-30", "frukost", "+100000"])
    func noDays(text: String) throws {
        let today = try day("2017-03-15")
        expectRefusal(.badValue) { _ = try CalendarDate(typed: text, today: today) }
    }

    @Test(
        "a language is one that is known, by code or name, or another that is named",
        arguments: [
            ("sv", "sv"), ("Somaliska", "so"), ("dari", "prs"), ("Tigrinya", "ti"), ("tigrinska", "ti"),
            ("sv-SE", "sv"),
            ("kurmanji", nil), ("nordkurdiska", "kmr"), ("annat:Tok Pisin", "tok pisin"), ("other:wolof", "wo"),
            ("xx", nil), ("q", nil), ("", nil), ("annat:x", nil), ("annat:070-174 06 35", nil), ("swedsh", nil),
        ] as [(String, String?)])
    func languages(text: String, expected: String?) throws {
        if let expected {
            #expect(try LanguageTag(text).text == expected)
        } else {
            expectRefusal(.badValue) { _ = try LanguageTag(text) }
        }
    }
}
