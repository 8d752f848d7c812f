public import Replica

/// What is recorded of a call or chat; nil fields are left as they are.
public struct ContactFields: Sendable {
    /// Nil for a new contact: by phone.
    public var channel: Channel?
    public var language: LanguageTag?
    public var interpreting: Interpreting?
    public var request: Request?
    /// How long it was, 0 to 1,440.
    public var minutes: Int?
    /// When it was; nil for a new contact: now.
    public var at: Timestamp?
    /// What was said, in short.
    public var summary: MarkedText?
    /// What was agreed on at the end.
    public var nextStep: MarkedText?

    public static let minutesLimit = 1_440

    public init(
        channel: Channel? = nil, language: LanguageTag? = nil, interpreting: Interpreting? = nil,
        request: Request? = nil, minutes: Int? = nil, at: Timestamp? = nil, summary: MarkedText? = nil,
        nextStep: MarkedText? = nil
    ) {
        self.channel = channel
        self.language = language
        self.interpreting = interpreting
        self.request = request
        self.minutes = minutes
        self.at = at
        self.summary = summary
        self.nextStep = nextStep
    }

    var hasText: Bool { summary != nil || nextStep != nil }

    /// Whether nothing is said.
    public var isEmpty: Bool {
        channel == nil && language == nil && interpreting == nil && request == nil && minutes == nil && at == nil
            && !hasText
    }

    /// Errors: `badValue`.
    func check(now: Timestamp) throws(CaseworkError) {
        guard minutes.map({ (0...Self.minutesLimit).contains($0) }) ?? true else {
            throw CaseworkError(.badValue, "contact.minutes", ["limit": "\(Self.minutesLimit)"])
        }
        // A minute's grace, for what was noted by another clock.
        guard at.map({ $0.milliseconds <= now.milliseconds + 60_000 }) ?? true else {
            throw CaseworkError(.badValue, "contact.future")
        }
    }

    func write(to row: inout RowWriter) {
        typealias Contacts = CaseworkSchema.Contacts
        if let channel { row[Contacts.channel] = channel.rawValue }
        if let language { row[Contacts.language] = language.text }
        if let interpreting { row[Contacts.interpreting] = interpreting.rawValue }
        if let request { row[Contacts.request] = request.rawValue }
        if let minutes { row[Contacts.minutes] = Int64(minutes) }
        if let at { row[Contacts.at] = at }
    }
}
