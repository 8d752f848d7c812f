public import Casework
import Merge
import Replica
import SQLite

/// What a shift begins with.
public struct Shift: Sendable {
    /// Something that is to be done when it is calm, beside ``TodayItem``s.
    public struct Quiet: Sendable {
        public enum Kind: String, Sendable {
            /// Somebody wrote in a case after it was closed.
            case lateNote
        }
        public var kind: Kind
        public var reference: CaseReference
        /// Of the late text.
        public var by: String?
        /// When it was written, in milliseconds since 1970.
        public var at: Int64
    }

    public var items: [TodayItem]
    public var quiet: [Quiet]
    public var newCases: Int
    public var contacts: Int
    public var closed: Int
    /// The minutes since midnight between which the line is open today.
    public var hours: [Range<Int>]
    public var nextOpening: Int64?

    /// How many of what waits until it is calm are shown; of the rest there is a count.
    private static let calmLimit = 200

    /// ``items`` without the last of those that can wait: quiet cases and entries to verify.
    public var shown: [TodayItem] {
        var calm = 0
        return items.filter { item in
            guard item.kind == .quiet || item.kind == .verify else { return true }
            calm += 1
            return calm <= Self.calmLimit
        }
    }
}

extension Workstation {
    /// All that is to be done, and what has happened since a moment.
    ///
    /// - Parameter since: the counsellor's last shift, in milliseconds since 1970.
    public func shift(since: Int64) throws -> Shift {
        let today = try casework.currentDay()
        let settings = try casework.settings()
        // Ids are in the order of time: only the texts of these days are looked at, not all there are.
        let from = max(0, wallMilliseconds() - Self.lateTextDays * 86_400_000)
        let (quiet, counts) = try replica.read { snapshot in
            let late = try snapshot.query(
                """
                SELECT (SELECT number FROM numbers WHERE numbers.parent = c.id ORDER BY numbers.id LIMIT 1), n.by_code, max(n.at)
                FROM notes n CROSS JOIN cases c ON c.id = n.parent
                WHERE n.id >= ? AND c.status = 'closed' AND c.closed_at IS NOT NULL AND n.at > c.closed_at
                GROUP BY c.id ORDER BY 3 DESC LIMIT 50
                """, [.reference(RecordID(milliseconds: from, randomHigh: 0, randomLow: 0))]
            ) { Self.quiet($0, .lateNote) }.compactMap(\.self)
            let counts = try snapshot.query(
                """
                SELECT (SELECT count(*) FROM cases WHERE opened_at >= ?1), (SELECT count(*) FROM contacts WHERE at >= ?1),
                    (SELECT count(*) FROM cases WHERE status = 'closed' AND closed_at >= ?1)
                """, [.integer(since)]
            ) { (Int($0.integer(0)), Int($0.integer(1)), Int($0.integer(2))) }
            return (late, counts.first ?? (0, 0, 0))
        }
        let opening = try casework.openingNow()
        return Shift(
            items: try casework.today(), quiet: try quiet.filter { try !isLateTextRead($0.reference, at: $0.at) },
            newCases: counts.0,
            contacts: counts.1, closed: counts.2, hours: settings.openingHours.intervals(on: today),
            nextOpening: opening.nextOpening?.milliseconds)
    }

    /// Says that somebody here has read what was written in a case after it was closed, up to a moment: it is not shown
    /// again at this computer.
    public func setLateTextRead(_ reference: CaseReference, at moment: Int64) throws {
        try setPreference("late." + reference.number.digits, String(moment))
    }

    /// Whether somebody here has read it.
    public func isLateTextRead(_ reference: CaseReference, at moment: Int64) throws -> Bool {
        try preference("late." + reference.number.digits).flatMap { Int64($0) }.map { moment <= $0 } ?? false
    }

    /// For how long a text that came in after its case was closed is listed.
    private static let lateTextDays: Int64 = 60

    private static func quiet(_ row: borrowing Statement, _ kind: Shift.Quiet.Kind) -> Shift.Quiet? {
        row.optionalText(0).flatMap { ReferenceNumber(digits: $0) }.map { number in
            Shift.Quiet(kind: kind, reference: CaseReference(number), by: row.optionalText(1), at: row.integer(2))
        }
    }
}
