public import Casework
import Merge
import Replica
import SQLite

/// What a search led to.
public struct FindResult: Sendable {
    /// A case, with the place in its notes that matched.
    public struct CaseHit: Sendable {
        public var reference: CaseReference
        public var isOpen: Bool
        public var concernsChild: Bool
        /// With what matched between U+0002 and U+0003; nil where the case was found without its text.
        public var excerpt: String?
        /// Who wrote what matched, and when.
        public var by: String?
        public var at: Int64?
        public var openedAt: Int64?
        public var closedAt: Int64?
        public var isShredded: Bool
    }

    public enum Number: Sendable {
        /// The case is here.
        case found(CaseReference)
        /// The digits do not fit together: misheard or mistyped.
        case mistyped
        /// The digits fit, and no case here has the number.
        case unknown
    }

    /// Where what was typed is a number, or begins like one.
    public var number: Number?
    public var cases: [CaseHit] = []
    public var contacts: [DirectoryEntry] = []
}

/// Which cases are asked for, beside the words.
public struct FindFilter: Sendable {
    public var isOpen = false
    /// Texts or cases by this code.
    public var author: AuthorCode?
    public var followUpDue = false
    public var concernsChild = false
    public var concern: Concern?
    /// Cases that were opened in it.
    public var month: Month?
    public init() {}
}

extension Workstation {
    private static let caseLimit = 50

    /// Looks for a case by its number, and for notes and entries of the directory by their words.
    ///
    /// Cost: 50 ms at 10,000 cases and 50,000 notes.
    public func find(_ text: String, _ filter: FindFilter = FindFilter()) throws -> FindResult {
        var result = FindResult()
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        result.number = try number(text)
        if result.number == nil || words.isEmpty {
            result.cases = try words.isEmpty ? latest(filter) : matching(text, filter)
        }
        if !words.isEmpty, result.number == nil {
            result.contacts = try directory(text)
        }
        return result
    }

    /// What was typed, as a number: nil where it is something else, or too short yet.
    private func number(_ text: String) throws -> FindResult.Number? {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        let isPlain = text.allSatisfy { $0.isNumber || $0.isWhitespace || "-–—\u{2212}/".contains($0) }
        guard isPlain, digits.count >= 7 else { return nil }
        do {
            let reference = try CaseReference(parsing: text)
            let count = try replica.read {
                try $0.query(
                    "SELECT count(*) FROM numbers WHERE number = ? AND parent IS NOT NULL",
                    [.text(reference.number.digits)]
                ) {
                    $0.integer(0)
                }.first ?? 0
            }
            return count > 0 ? .found(reference) : .unknown
        } catch is CaseworkError {
            return .mistyped
        }
    }

    private func matching(_ text: String, _ filter: FindFilter) throws -> [FindResult.CaseHit] {
        let hits = try index.search(text)
        let time = try casework.settings().time
        return try replica.read { snapshot in
            var order: [RecordID] = []
            var found: [RecordID: FindResult.CaseHit] = [:]
            for hit in hits where order.count < Self.caseLimit {
                let rows = try snapshot.query(
                    "SELECT \(Self.columns), n.by_code, n.at, c.id FROM notes n JOIN cases c ON c.id = n.parent WHERE n.id = ?"
                        + Self.condition(filter, time), [.reference(hit.note)]
                ) { row -> (RecordID, FindResult.CaseHit)? in
                    guard var shown = Self.hit(row), let halves = row.halves(9) else { return nil }
                    shown.excerpt = hit.excerpt
                    shown.by = row.optionalText(7)
                    shown.at = row.optionalInteger(8)
                    if let author = filter.author, shown.by != author.text { return nil }
                    return (RecordID(high: halves.high, low: halves.low), shown)
                }
                guard let (id, shown) = rows.first ?? nil, found[id] == nil else { continue }
                order.append(id)
                found[id] = shown
            }
            return order.compactMap { found[$0] }
        }
    }

    /// Without words: the cases that were opened last.
    private func latest(_ filter: FindFilter) throws -> [FindResult.CaseHit] {
        let time = try casework.settings().time
        return try replica.read { snapshot in
            let own = filter.author.map { " AND c.opened_by = '\($0.text)'" } ?? ""
            return try snapshot.query(
                "SELECT \(Self.columns) FROM cases c WHERE 1\(Self.condition(filter, time))\(own) ORDER BY c.id DESC LIMIT \(Self.caseLimit)"
            ) { Self.hit($0) }.compactMap { $0 }
        }
    }

    private static let columns =
        "(SELECT number FROM numbers WHERE numbers.parent = c.id ORDER BY numbers.id LIMIT 1), c.status, \(CaseworkSchema.concernsChildCondition), c.opened_at, c.closed_at, c.shredded_at, c.reopened_at"

    /// All of it is the program's own words; nothing that was typed stands in it.
    private static func condition(_ filter: FindFilter, _ time: LineTime) -> String {
        var sql = ""
        if filter.isOpen { sql += " AND coalesce(c.status, '') != 'closed'" }
        if filter.concernsChild { sql += " AND \(CaseworkSchema.concernsChildCondition)" }
        if filter.followUpDue {
            sql += " AND EXISTS (SELECT 1 FROM follow_ups f WHERE f.parent = c.id AND f.status = 'planned')"
        }
        switch filter.concern {
        case .general: sql += " AND c.concern_general = 1"
        case .religious: sql += " AND c.concern_religious = 1"
        case .rightWing: sql += " AND c.concern_right_wing = 1"
        case .leftWing: sql += " AND c.concern_left_wing = 1"
        case nil: break
        }
        if let month = filter.month {
            let from = time.moment(month.first, minute: 0).milliseconds
            let to = time.moment(month.last, minute: 1_440).milliseconds
            sql += " AND c.opened_at >= \(from) AND c.opened_at < \(to)"
        }
        return sql
    }

    private static func hit(_ row: borrowing Statement) -> FindResult.CaseHit? {
        guard let number = row.optionalText(0).flatMap({ ReferenceNumber(digits: $0) }) else { return nil }
        let shredded = row.optionalInteger(5)
        let isShredded = shredded.map { (row.optionalInteger(6) ?? 0) <= $0 } ?? false
        return FindResult.CaseHit(
            reference: CaseReference(number), isOpen: row.optionalText(1) != CaseStatus.closed.rawValue,
            concernsChild: row.integer(2) != 0, excerpt: nil, by: nil, at: nil, openedAt: row.optionalInteger(3),
            closedAt: row.optionalInteger(4), isShredded: isShredded)
    }
}

extension String {
    /// For comparing: small letters, without dots and rings.
    var folded: String {
        String(
            String.UnicodeScalarView(
                precomposed().lowercased().unicodeScalars.map { scalar in
                    switch scalar {
                    case "å", "ä", "à", "á": "a"
                    case "ö", "ø", "ó": "o"
                    case "é", "è", "ë": "e"
                    case "ü": "u"
                    default: scalar
                    }
                }))
    }
}

extension Workstation {
    /// Entries of the directory with all of these words; a number of years is looked for among the ages they take.
    ///
    /// - Parameters:
    ///   - onlyVerified: those that may be referred to today.
    ///   - onlyDue: those that nobody has reached lately.
    public func directory(_ text: String, onlyVerified: Bool = false, onlyDue: Bool = false) throws -> [DirectoryEntry]
    {
        let words = text.folded.split { $0.isWhitespace || $0 == "," }.map(String.init)
        let years = words.compactMap { Int($0) }.filter { (0...120).contains($0) }
        let plain = words.filter { Int($0) == nil }
        let months = try casework.settings().verificationMonths
        let today = try casework.currentDay()
        return try casework.directory().filter { entry in
            let isVerified = entry.isVerified(on: today, months: months)
            if onlyVerified && !isVerified || onlyDue && isVerified { return false }
            let all = [entry.name, entry.area.text, entry.offers, entry.contactName].compactMap { $0 }
                .joined(separator: " ").folded
            return plain.allSatisfy { all.contains($0) } && years.allSatisfy(entry.ages.contains)
        }
    }
}
