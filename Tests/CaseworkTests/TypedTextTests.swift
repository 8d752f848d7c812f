import Replica
import Testing

@testable import Casework

@Suite("Whatever is typed")
struct TypedTextTests {
    /// Pieces of what people type, and of what they do not.
    private static let pieces = [
        "1", "7", "12", "25", "120", "2017-02-28", "-", "–", "+", ":", ".", " ", "W", "v", "år", "under", "över",
        "till", "från",
        "<", ">", "Örebro", "län", "kommun", "stad", "hela landet", "annat:", "sv", "dari", "fredag", "igår",
        "a\u{308}", "Å",
        "\u{0}", "\u{202E}", "😀", "９", "deadbeef", "/", ",", "\n", "'", String(repeating: "9", count: 40),
    ]

    @Test("no text stops the readers of what is typed: each is understood, or refused with a reason")
    func readers() throws {
        var generator = SystemRandomNumberGenerator()
        let today = try day("2017-03-26")
        var refused = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                Self.pieces.randomElement(using: &generator) ?? ""
            }.joined()
            let readers: [() throws -> Void] = [
                { _ = try AgeRange(typed: text) }, { _ = try Area(typed: text) }, { _ = try LanguageTag(text) },
                { _ = try Week(parsing: text) }, { _ = try CalendarDate(typed: text, today: today) },
                { _ = try LineTime.stockholm.moment(typed: text, today: today) },
                { _ = try ItemReference(organisation: text) }, { _ = try ItemReference(parsing: text) },
                { _ = try AgeBand(typed: text) }, { _ = try Concern(typed: text) },
            ]
            for read in readers {
                do {
                    try read()
                } catch let error as CaseworkError {
                    refused += 1
                    #expect(error.code == .badValue && !error.message.isEmpty)
                }
            }
        }
        #expect(refused > 100_000)
    }

    @Test("what an age range, an area or a language was read as is read the same again")
    func again() throws {
        for text in ["13-25", "18+", "under 18", "21", "alla"] {
            let range = try AgeRange(typed: text)
            if let written = range.text { #expect(try AgeRange(typed: written) == range, "\(written)") }
        }
        for text in ["Botkyrka", "Örebro län", "Göteborgs stad"] {
            let area = try Area(typed: text)
            #expect(try Area(typed: area.municipality ?? area.county?.name ?? "") == area)
        }
        for text in ["somaliska", "annat:tok pisin", "other:Bislama"] {
            let tag = try LanguageTag(text)
            #expect(LanguageTag(stored: tag.text) == tag)
        }
    }
}
