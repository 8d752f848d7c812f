import Casework
import HTTPClient
import JSON
import Testing
import Workstation

@testable import WorkstationPage

/// What holds for the whole line is changed by a lead, which the server asks for at each request.
@Suite struct LeadTests {
    let page: PageHost
    init() throws { page = try PageHost() }

    private static let acts: [(path: String, body: JSONValue)] = [
        ("/api/settings", ["attempts": 9]),
        ("/api/settings/hours", ["days": ["mon"], "from": "9:00", "through": "10:00"]),
        ("/api/settings/closed", ["from": "2026-12-24"]), ("/api/settings/hours-remove", ["id": "00000000"]),
        ("/api/settings/hours-end", ["id": "00000000", "through": "2026-12-24"]), ("/api/retention", ["typed": "0"]),
        ("/api/people/lead", ["code": "S4", "isLead": true]), ("/api/people/forget-pin", ["code": "S3"]),
        ("/api/import/cases", ["data": "ZGF0ZQo=", "isTrial": true]),
        ("/api/statistics/publish", ["from": "2026-01-01", "through": "2026-01-31"]), ("/api/line/invite", [:]),
        ("/api/line/withdraw", ["id": "00"]), ("/api/line/refuse", ["id": "00"]),
        ("/api/line/admit", ["id": "00", "digits": "123456"]), ("/api/line/rename", ["desk": "00", "name": "x"]),
        ("/api/line/role", ["desk": "00", "isLead": true]), ("/api/line/remove", ["desk": "00", "typed": "x"]),
        ("/api/line/rehearse", ["sheet": "AAAAA"]), ("/api/late/read", ["desk": "00"]),
        ("/api/late/take-in", ["desk": "00"]), ("/api/late/discard", ["desk": "00"]), ("/api/late/keep", ["id": "00"]),
        ("/api/late/accept", ["id": "00"]),
    ]

    @Test("the first on a computer is a lead, the second is none, and the server refuses each of a lead's acts")
    func refused() async throws {
        _ = try await page.signedIn("S3")
        let other = try await page.signedIn("S4")
        for (path, body) in Self.acts {
            let answer = try await page.post(path, body, other)
            #expect(answer.status == 403, "\(path)")
            #expect(try answer.problem == "lead", "\(path)")
        }
        for path in ["/api/line/waiting", "/api/late", "/api/late/unsent"] {
            #expect(try await page.get(path, other).problem == "lead", "\(path)")
        }
        #expect(try page.workstation.casework.settings().followUpRules.attemptCount == 3)
        #expect(try await page.get("/api/settings", other).json["isLead"]?.bool == false)
    }

    @Test(
        "a lead's own code and PIN open another's page for it, until it is locked; a wrong PIN, or no lead's, does not")
    func opened() async throws {
        _ = try await page.signedIn("S3")
        let other = try await page.signedIn("S4")
        for (code, pin, problem) in [
            ("S4", "135790", "not-lead"), ("S3", "000000", "wrong-pin"), ("S9", "135790", "not-lead"),
        ] {
            let body: JSONValue = ["code": .string(code), "pin": .string(pin)]
            #expect(try await page.post("/api/session/lead", body, other).problem == problem)
        }
        #expect(try await page.post("/api/settings", ["attempts": 9], other).status == 403)
        #expect(try await page.post("/api/session/lead", ["code": "S3", "pin": "135790"], other).status == 200)
        #expect(try await page.post("/api/settings", ["attempts": 9], other).status == 200)
        #expect(try page.workstation.casework.settings().followUpRules.attemptCount == 9)
        _ = try await page.post("/api/session/lock", [:], other)
        let unlocking: JSONValue = ["code": "S4", "pin": "135790"]
        #expect(try await page.post("/api/session/sign-in", unlocking, other).status == 200)
        #expect(try await page.post("/api/settings", ["attempts": 8], other).status == 403)
    }

    @Test("the last lead stays one, and keeps the PIN; a forgotten one is chosen anew")
    func lastLead() async throws {
        let lead = try await page.signedIn("S3")
        _ = try await page.signedIn("S4")
        for path in ["/api/people/forget-pin", "/api/people/lead"] {
            #expect(try await page.post(path, ["code": "S3", "isLead": false], lead).problem == "lead", "\(path)")
        }
        #expect(try await page.post("/api/people/forget-pin", ["code": "S4"], lead).status == 200)
        let again = try await page.bearer()
        let chosen: JSONValue = ["code": "S4", "pin": "246802", "isNew": true]
        #expect(try await page.post("/api/session/sign-in", chosen, again).status == 200)
        #expect(try page.workstation.people().map(\.isLead) == [true, false])
    }

    @Test("a day of the week that is not known opens on none; what is typed before an erasure has to fit")
    func notGuessed() async throws {
        let lead = try await page.signedIn("S3")
        for days in [["monday"], ["mon", 7], []] as [JSONValue] {
            let body: JSONValue = ["days": days, "from": "9:00", "through": "10:00"]
            #expect(try await page.post("/api/settings/hours", body, lead).status != 200)
        }
        #expect(try page.workstation.casework.settings().hours.isEmpty)
        #expect(try await page.post("/api/retention", ["typed": "1"], lead).problem == "not-typed")
    }

    @Test("a file that did not come whole is refused")
    func cutOff() async throws {
        let lead = try await page.signedIn("S3")
        for data in ["a", "aGV", "aG=q", "aGVq\n", "===="] {
            let body: JSONValue = ["data": .string(data), "isTrial": true]
            #expect(try await page.post("/api/import/cases", body, lead).problem == "bad-request", "\(data)")
        }
    }
}
