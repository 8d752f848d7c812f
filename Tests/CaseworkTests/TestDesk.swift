import Support
import TestSupport
import Testing

@testable import Casework
@testable import Replica

/// A desk that has joined no line, whose clock the test moves.
final class TestDesk {
    let folder = TemporaryFolder()
    let casework: Casework
    let author: AuthorCode
    private let clock: Lock<Int64>

    /// - Parameter start: the day on which it begins, at ten in the morning in Sweden; a Wednesday unless given.
    init(_ start: String = "2017-03-15") throws {
        let day = try #require(CalendarDate(start))
        let clock = Lock(LineTime.stockholm.moment(day, minute: 600).milliseconds)
        self.clock = clock
        // A millisecond for each reading, so that what is written later has a later time.
        let now: @Sendable () -> Int64 = {
            clock.withLock {
                $0 += 1
                return $0
            }
        }
        author = try AuthorCode("S3")
        let replica = try Replica(
            path: folder.file("desk.db"), schema: CaseworkSchema.schema, environment: .init(wallMilliseconds: now))
        casework = Casework(replica, wallMilliseconds: now)
    }

    /// Goes to a day, or a minute of it.
    func go(to day: String, minute: Int = 600) throws {
        let date = try #require(CalendarDate(day))
        clock.withLock { $0 = LineTime.stockholm.moment(date, minute: minute).milliseconds }
    }

    /// As if a server had been heard just now, and somebody had written.
    func hearServer() throws { try Self.hearServer(casework) }

    static func hearServer(_ casework: Casework) throws {
        try casework.replica.session { session in
            session.clock.hear(session.wall, at: session.reading)
            session.clock.hear(logTime: session.wall)
        }
    }

    func applyRetention() throws -> (shredded: Int, erased: Int) {
        try hearServer()
        return try casework.applyRetention(by: author)
    }

    func newCase(_ fields: CaseFields = CaseFields()) throws -> CaseReference {
        try casework.newCase(fields, by: author)
    }

    /// An entry that was verified on the day it is, or never.
    func entry(_ name: String, verified: Bool = true, phone: String? = nil) throws -> ItemReference {
        var fields = DirectoryFields(name: MarkedText(name), kind: .civilSociety, source: .ownContact)
        fields.phone = phone
        let item = ItemReference(try casework.addToDirectory(fields, by: author))
        if verified { try casework.verify(item, by: author) }
        return item
    }
}
