public import Replica

/// When a caller who has agreed to it is called again, how often it is tried, and what follows then.
///
/// The helpline's own rules: after one to two weeks; three attempts, four where the case concerns a child; at least one
/// working day from one to the next. Everything here is a proposal: a person calls, and a person closes.
public struct FollowUpRules: Hashable, Sendable {
    /// Days from the conversation to the follow-up call.
    public var days: ClosedRange<Int>
    public var attemptCount: Int
    public var attemptCountForChild: Int
    /// Days from the day on which an anonymous caller was to ring back, to the proposal to close.
    public var anonymousDays: Int

    /// - Parameters: none is negative, and at least one attempt is made.
    public init(
        days: ClosedRange<Int> = 7...14, attemptCount: Int = 3, attemptCountForChild: Int = 4, anonymousDays: Int = 60
    ) {
        precondition(days.lowerBound >= 0 && attemptCount >= 1 && attemptCountForChild >= 1 && anonymousDays >= 0)
        self.days = days
        self.attemptCount = attemptCount
        self.attemptCountForChild = attemptCountForChild
        self.anonymousDays = anonymousDays
    }

    /// What is to be done next.
    public enum Step: Hashable, Sendable {
        /// The attempt of this number, from 1, on this day or a later one. The last one that only a child's case has is
        /// told apart, so that the screen can say why there is one more.
        case attempt(number: Int, notBefore: CalendarDate, isExtraForChild: Bool)
        /// Nobody answered: closing is proposed, and whoever does it is reminded to shred the slip with the number.
        case proposeClosing(remindsToShredSlip: Bool)
    }

    /// The day to call on: the first working day in the range of days, on which the line is staffed.
    ///
    /// - Parameters:
    ///   - day: of the conversation.
    ///   - isStaffed: whether anybody is there to call; see ``OpeningHours/isOpen(on:)``.
    ///
    /// Where no day in the range will do, the first that does after it: none is proposed on a day on which nobody is there.
    /// Only where there is no such day in a year, as while no hours are set for it, the first working day from its start on.
    public func proposeFollowUp(
        from day: CalendarDate, isStaffed: (CalendarDate) -> Bool = { _ in true }
    ) -> CalendarDate {
        Self.staffedDay(onOrAfter: day.adding(days: days.lowerBound), isStaffed)
    }

    /// The first day on which it may be tried again: the next working day on which somebody is there. An attempt on a
    /// weekend counts as well.
    public func nextAttempt(
        after attempt: CalendarDate, isStaffed: (CalendarDate) -> Bool = { _ in true }
    ) -> CalendarDate {
        Self.staffedDay(onOrAfter: attempt.adding(days: 1), isStaffed)
    }

    private static let horizonDays = 366

    private static func staffedDay(
        onOrAfter day: CalendarDate, _ isStaffed: (CalendarDate) -> Bool
    ) -> CalendarDate {
        (0..<horizonDays).lazy.map { day.adding(days: $0) }.first {
            SwedishCalendar.isWorkingDay($0) && isStaffed($0)
        } ?? SwedishCalendar.workingDay(onOrAfter: day)
    }

    public func attemptCount(concernsChild: Bool) -> Int {
        concernsChild ? max(attemptCount, attemptCountForChild) : attemptCount
    }

    /// What follows on attempts of which none was answered.
    ///
    /// - Parameters:
    ///   - planned: the agreed day of the first attempt.
    ///   - attempts: in any order; several on one day count as that many, for each was a call.
    ///   - isStaffed: whether anybody is there to call.
    public func next(
        planned: CalendarDate, attempts: [CalendarDate], concernsChild: Bool,
        isStaffed: (CalendarDate) -> Bool = { _ in true }
    ) -> Step {
        guard attempts.count < attemptCount(concernsChild: concernsChild) else {
            return .proposeClosing(remindsToShredSlip: true)
        }
        return .attempt(
            number: attempts.count + 1,
            notBefore: attempts.max().map { nextAttempt(after: $0, isStaffed: isStaffed) } ?? planned,
            isExtraForChild: attempts.count >= attemptCount)
    }

    /// The first day on which closing is proposed for a caller who wanted to stay anonymous and did not ring back. There
    /// is no slip to shred.
    public func proposesClosing(agreedDay: CalendarDate) -> CalendarDate {
        agreedDay.adding(days: anonymousDays)
    }
}
