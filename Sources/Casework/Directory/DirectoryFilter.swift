/// Which entries of the directory are asked for.
public struct DirectoryFilter: Sendable {
    /// Every one of these stands in the name, area, offers or contact.
    public var words: [String] = []
    public var kind: OrganisationKind?
    /// Only those that are there for somebody of this age.
    public var age: Int?
    /// Only those that are there for somebody who lives here.
    public var area: Area?
    /// Only those of which it is known that they have a plan, or that they have none.
    public var hasPlan: Bool?
    /// Only those that nobody may be referred to before they are verified.
    public var isDue = false
    public var includesRetired = false

    public init() {}

    /// Whether an entry is asked for, apart from whether it is due.
    func holds(for entry: DirectoryEntry) -> Bool {
        (includesRetired || !entry.isRetired) && (kind.map { $0.rawValue == entry.kind } ?? true)
            && (age.map(entry.ages.contains) ?? true) && (area.map(entry.area.serves) ?? true)
            && (hasPlan.map { $0 == entry.hasPlan } ?? true) && words.allSatisfy { entry.contains($0) }
    }
}
