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
