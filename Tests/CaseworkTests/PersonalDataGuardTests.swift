import Casework
import Replica
import Testing

/// What the guard says of what it finds, what it lets pass by the allow list or by a mark, and its time.
struct PersonalDataGuardTests {
    static func day() throws -> CalendarDate { try #require(CalendarDate("2017-03-14")) }

    @Test("a finding has one place, in code points and in bytes, and it holds what was found")
    func places() {
        let text = "Åsa 👩‍👩‍👧 ringde: 070-174 06 05, sen é\u{301} anna@example.com"
        let findings = PersonalDataGuard().findings(in: text)
        #expect(findings.map(\.kind) == [.name, .phone, .email])
        for (finding, expected) in zip(findings, ["Åsa", "070-174 06 05", "anna@example.com"]) {
            #expect(String(decoding: Array(text.utf8)[finding.bytes], as: UTF8.self) == expected)
            #expect(Array(text.unicodeScalars)[finding.characters].elementsEqual(expected.unicodeScalars))
            #expect(finding.description == "\(finding.kind.rawValue)@\(finding.characters.lowerBound + 1)")
        }
    }

    @Test("the refusal tells kind and place, and nothing of the text")
    func refusal() throws {
        let text = "Mamman nås på 070-174 06 05 eller orolig@example.com, pnr 990118-2387"
        do {
            try PersonalDataGuard().check(text)
            Issue.record("the text was let through")
        } catch {
            #expect(error.code == .personalData)
            #expect(error.findings.map(\.kind) == [.phone, .email, .identityNumber])
            #expect(error.message.contains("phone@15 (13 characters)"))
            for part in ["070", "174", "06 05", "orolig", "example", "990118", "2387"] {
                #expect(!"\(error) \(error.findings)".contains(part))
            }
        }
    }

    @Test(
        "numbers and addresses of the directory pass, however they are written",
        arguments: [
            "Hänvisade till 08-465 004 12.", "Call +46 8 465 004 12 or 0046-8-46500412.", "Ring +46 (0)8 465 004 12!",
            "Skriv till Info@Example.org eller kurator@kommun.example.",
            "Se facebook.com/exempelstod och @exempelstod på instagram.",
            "Gåva: bg 5012-9980, IBAN SE37 5000 0000 0544 0004 7881.", "Fråga på +47 22 12 34 56.",
            "08-465 004 12 100 personer",
        ])
    func allowList(text: String) throws {
        let list = GuardAllowList(
            telephoneNumbers: ["08-465 004 12", "+47 22123456"],
            emailAddresses: ["info@example.org", "@kommun.example"],
            profiles: ["https://www.facebook.com/exempelstod/", "@exempelstod"],
            accounts: ["5012-9980", "SE3750000000054400047881"])
        #expect(!PersonalDataGuard().findings(in: text).isEmpty)
        #expect(PersonalDataGuard(allowing: list).findings(in: text).isEmpty)
        #expect(!PersonalDataGuard(allowing: list).findings(in: text + " och 070-174 06 05").isEmpty)
        #expect(!PersonalDataGuard(allowing: list).findings(in: "x@example.org 08-465 004 13 bg 991-2346").isEmpty)
    }

    @Test("a mark lets one finding pass, is returned to be recorded, and holds no part of the text")
    func exemptions() throws {
        let text = "Ordernummer 9901182387 och 070-174 06 05"
        let watch = PersonalDataGuard()
        let author = try AuthorCode("S3")
        let first = try GuardExemption(parsing: "identity-number@13", by: author, on: Self.day())
        let second = try GuardExemption(parsing: "phone@28", by: author, on: Self.day())
        #expect(first.description == "identity-number@13 2017-03-14 S3")
        #expect(throws: CaseworkError.self) { try watch.check(text, exempting: [first]) }
        #expect(try watch.check(text, exempting: [second, first]).exemptions == [first, second])
        #expect(try watch.check("lugnt samtal").exemptions == [])
    }

    @Test("a mark made for another text, of another kind or place, helps nothing")
    func strayMarks() throws {
        let watch = PersonalDataGuard()
        let author = try AuthorCode("S3")
        for (mark, text) in [
            ("phone@1", "lugnt samtal"), ("phone@7", "Ring 070-174 06 05"), ("card@6", "Ring 070-174 06 05"),
        ] {
            let exemption = try GuardExemption(parsing: mark, by: author, on: Self.day())
            #expect(throws: CaseworkError.self) { try watch.check(text, exempting: [exemption]) }
        }
    }

    @Test(
        "what is no mark is refused",
        arguments: [
            "", "phone", "phone@", "phone@-1", "phone@0", "phone@x", "@3", "tel@3", "phone@3@4", "phone@12345678901",
        ])
    func badMarks(text: String) throws {
        let author = try AuthorCode("S3")
        let day = try Self.day()
        #expect(throws: CaseworkError.self) { try GuardExemption(parsing: text, by: author, on: day) }
    }

    @Test(
        "check digits and dates are tested: one digit wrong, and it is no identifier",
        arguments: [
            "990118-2388", "991318-2386", "990132-2381", "990118-0003", "19990229-2383", "21990118-2387",
            "4111 1111 1111 1112", "SE37 5000 0000 0544 0004 7882", "bg 5012-9981", "plusgiro 41 26 01-8",
            "konto 5012-0045711", "300.2.0.44", "256.1.1.10", "2001:db8:12345::1", "070-174 06 0", "070-174 06 055",
        ])
    func wrongDigits(text: String) {
        #expect(PersonalDataGuard().findings(in: "Det står \(text) där").isEmpty)
    }

    @Test("29 February counts in the years that have it")
    func leapDays() {
        let watch = PersonalDataGuard()
        #expect(!watch.findings(in: "20080229-2383").isEmpty)
        // 2000 had one, 1900 had not: without its century the number is possible.
        #expect(watch.findings(in: "000229-2381").count == (watch.findings(in: "20000229-2381").count))
    }
}
