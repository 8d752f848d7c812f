import Foundation
import HTTPClient
import Testing

/// What a program reads out of an answer's head.
@Suite("Answers")
struct AnswerTests {
    private func answer(_ headers: [(String, String)], status: Int = 200) -> HTTPClientResponse {
        HTTPClientResponse(status: status, headers: headers.map { (name: $0.0, value: $0.1) }, body: [])
    }

    // 1994-11-06 08:49:37 UTC
    private let moment: Int64 = 784_111_777_000

    @Test(
        "Retry-After is between nothing and ten minutes, or not understood",
        arguments: [
            ("0", 0), ("2", 2), ("600", 600), ("601", 600), ("86400", 600), ("99999999999999999999999", 600),
            ("Sun, 06 Nov 1994 08:49:40 GMT", 3), ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
            ("Sun, 06 Nov 1994 07:00:00 GMT", 0), ("Fri, 31 Dec 9999 23:59:59 GMT", 600),
            ("inf", nil), ("nan", nil), ("1e19", nil), ("-5", nil), ("+5", nil), ("1.5", nil), ("0x10", nil), ("", nil),
            ("soon", nil), ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("Sun, 32 Nov 1994 08:49:37 GMT", nil),
            ("Sun, 06 Nov 1994 25:49:37 GMT", nil), ("Sun, 06 Nov -994 08:49:37 GMT", nil),
        ] as [(String, Double?)])
    func retryAfter(value: String, seconds: Double?) {
        #expect(answer([("Retry-After", value)]).retryAfterSeconds(now: moment) == seconds)
    }

    @Test("a date counts from the answer's own, not from this computer's clock")
    func ownDate() {
        let late = answer([
            ("Date", "Tue, 01 Jan 2030 00:00:00 GMT"), ("Retry-After", "Tue, 01 Jan 2030 00:00:30 GMT"),
        ])
        #expect(late.retryAfterSeconds(now: moment) == 30)
    }

    @Test(
        "dates agree with Foundation across leap days and centuries",
        arguments: [0, 951_782_400, 4_107_542_399, 68_169_600])
    func dates(seconds: Int) throws {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let text = format.string(from: Date(timeIntervalSince1970: TimeInterval(seconds)))
        let now = Int64(seconds - 60) * 1_000
        #expect(answer([("retry-after", text)]).retryAfterSeconds(now: now) == 60)
    }

    @Test(
        "media types are compared without case and parameters",
        arguments: [
            ("application/cbor", "application/cbor"), ("Application/CBOR", "application/cbor"),
            (" application/cbor ; charset=utf-8", "application/cbor"), ("text/html;x", "text/html"), ("", ""),
        ])
    func mediaType(value: String, type: String) {
        #expect(answer([("content-type", value)]).mediaType == type)
    }

    @Test(
        "a network that wants to show a page is told apart from our server",
        arguments: [
            (302, "", true), (511, "", true), (200, "text/html; charset=utf-8", true), (404, "TEXT/HTML", true),
            (200, "application/cbor", false), (503, "application/problem+json", false),
        ])
    func captivePortal(status: Int, type: String, isPortal: Bool) {
        #expect(answer([("Content-Type", type)], status: status).isCaptivePortal == isPortal)
    }
}
