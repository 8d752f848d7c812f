import HTTPClient
import JSON
import Testing

@testable import WorkstationPage

/// Who may take this computer into a line: whoever has the page where nobody works yet, and then a lead of this computer.
@Suite struct JoiningTests {
    let page: PageHost
    init() throws { page = try PageHost() }

    private static let body: JSONValue = ["invitation": "hej", "name": "Arbetsplats 1", "sheet": "AAAAA"]
    private static let acts = [
        ("look", "not-an-invitation"), ("begin", "not-an-invitation"), ("sheet", "mistyped-sheet"),
    ]

    @Test("where nobody works yet whoever has the page may join, and what is wrong is told apart")
    func first() async throws {
        let bearer = try await page.bearer()
        let answer = try await page.get("/api/joining", bearer).json
        #expect(answer["stage"]?.string == "idle")
        #expect(answer["isJoined"]?.bool == false)
        for (act, problem) in Self.acts {
            #expect(try await page.post("/api/joining/\(act)", Self.body, bearer).problem == problem, "\(act)")
        }
        #expect(try await page.post("/api/joining/end", [:], bearer).status == 200)
        #expect(try await page.send("GET", "/api/joining", [("Sec-Fetch-Site", "same-origin")]).status == 401)
        #expect(try await page.get("/api/session", bearer).json["isJoined"]?.bool == false)
    }

    @Test("where somebody works already a lead of the computer joins, signed in and not locked; nobody else does")
    func later() async throws {
        let lead = try await page.signedIn("S3")
        let other = try await page.signedIn("S4")
        let nobody = try await page.bearer()
        for act in Self.acts.map(\.0) + ["end"] {
            let path = "/api/joining/\(act)"
            #expect(try await page.post(path, Self.body, nobody).problem == "sign-in", "\(act)")
            #expect(try await page.post(path, Self.body, other).problem == "lead", "\(act)")
        }
        #expect(try await page.get("/api/joining", other).problem == "lead")
        #expect(try await page.get("/api/joining", lead).status == 200)
        _ = try await page.post("/api/session/lock", [:], lead)
        #expect(try await page.get("/api/joining", lead).problem == "locked")
    }

    @Test("a line's computers are asked for in a line only")
    func unjoined() async throws {
        let lead = try await page.signedIn("S3")
        #expect(try await page.get("/api/line", lead).problem == "not-joined")
        #expect(try await page.post("/api/line/remove", ["desk": "00", "typed": "x"], lead).problem == "not-joined")
    }
}
