import Replica

/// What is recorded of an organisation; nil fields are left as they are, an empty text clears one.
public struct DirectoryFields: Sendable {
    public var name: MarkedText?
    public var kind: OrganisationKind?
    /// Municipality and county together.
    public var area: Area?
    public var offers: MarkedText?
    public var ages: AgeRange?
    /// `.some(nil)`: not known.
    public var hasPlan: Bool??
    /// Of a person in a professional role.
    public var contactName: String?
    public var phone: String?
    public var email: String?
    public var source: DirectorySource?

    /// The longest text in one line, in bytes of UTF-8.
    public static let lineBytes = 500

    public init(name: MarkedText? = nil, kind: OrganisationKind? = nil, source: DirectorySource? = nil) {
        self.name = name
        self.kind = kind
        self.source = source
    }

    /// The texts that are looked at for what points to a person; the contact's own fields are professional, and exempt.
    private var guarded: [(name: String, field: Field<String>, text: MarkedText)] {
        typealias Directory = CaseworkSchema.Directory
        return [
            ("name", Directory.name, name),
            ("municipality", Directory.municipality, area.map { MarkedText($0.municipality ?? "") }),
            ("offers", Directory.offers, offers),
        ].compactMap { name, field, text in text.map { (name, field, $0) } }
    }

    private var lines: [(field: Field<String>, text: String)] {
        typealias Directory = CaseworkSchema.Directory
        return [(Directory.contactName, contactName), (Directory.phone, phone), (Directory.email, email)]
            .compactMap { field, text in text.map { (field, $0.normalForm) } }
    }

    var isEmpty: Bool {
        guarded.isEmpty && lines.isEmpty && kind == nil && source == nil && ages == nil && hasPlan == nil
    }

    /// - Parameter exemptions: those that stand in the record.
    ///
    /// Errors: `badText`, `personalData`, `badValue` for a mark on nothing.
    func write(
        to row: inout RowWriter, exemptions: String?, _ watch: TextGuard, by author: AuthorCode, on day: CalendarDate
    ) throws {
        typealias Directory = CaseworkSchema.Directory
        var kept = (exemptions ?? "").split(separator: "\n").map(String.init)
        for (name, field, text) in guarded {
            // A mark holds for the one text that it was made for.
            kept.removeAll { $0.hasPrefix(name + ":") }
            row[field] = text.text.isEmpty ? nil : text.text
            if text.text.isEmpty { continue }
            try checkLine(text.text, isShort: field.definition != Directory.offers.definition)
            kept += try watch.check(text, named: name, by: author, on: day).exemptions.map { "\(name):\($0)" }
        }
        for (field, text) in lines {
            try checkLine(text, isShort: true)
            row[field] = text.isEmpty ? nil : text
        }
        if let kind { row[Directory.kind] = kind.rawValue }
        if let area { row[Directory.county] = area.county?.rawValue }
        if let ages {
            row[Directory.ageFrom] = ages.from.map { Int64($0) }
            row[Directory.ageTo] = ages.to.map { Int64($0) }
        }
        if let hasPlan { row[Directory.hasPlan] = hasPlan }
        if let source { row[Directory.source] = source.rawValue }
        let joined = kept.isEmpty ? nil : kept.joined(separator: "\n")
        if joined != exemptions { row[Directory.exemptions] = joined }
    }

    private func checkLine(_ text: String, isShort: Bool) throws(CaseworkError) {
        guard !isShort || text.utf8.count <= Self.lineBytes else {
            throw CaseworkError(
                .badText, "directory.tooLong", ["limit": "\(Self.lineBytes)"])
        }
    }
}
