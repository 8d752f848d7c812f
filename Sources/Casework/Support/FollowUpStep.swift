public import Replica

/// What is to be done about a follow-up, and from which day on.
public enum FollowUpStep: Hashable, Sendable {
    /// The helpline calls: the attempt of this number, from 1, of so many. The one that only a child's case has is told
    /// apart.
    case call(number: Int, of: Int, from: CalendarDate, isExtraForChild: Bool)
    /// The caller rings back on this day; closing is proposed from the other one on.
    case awaitRingBack(on: CalendarDate, closingFrom: CalendarDate)
    /// Nobody has answered: a person decides to close, and shreds the slip with the number.
    case proposeClosing

    init(
        kind: String, due: CalendarDate, attempts: [CalendarDate], concernsChild: Bool, _ settings: LineSettings
    ) {
        let rules = settings.followUpRules
        if kind == FollowUpKind.ringBack.rawValue {
            self = .awaitRingBack(on: due, closingFrom: rules.proposesClosing(agreedDay: due))
            return
        }
        let step = rules.next(planned: due, attempts: attempts, concernsChild: concernsChild) {
            settings.openingHours.isOpen(on: $0)
        }
        switch step {
        case .attempt(let number, let day, let isExtraForChild):
            self = .call(
                number: number, of: rules.attemptCount(concernsChild: concernsChild), from: max(day, due),
                isExtraForChild: isExtraForChild)
        case .proposeClosing: self = .proposeClosing
        }
    }
}
