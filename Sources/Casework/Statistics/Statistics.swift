public import Replica

/// What the published statistics of a period are made of.
///
/// Every number is counted by itself, and none is made to fit another: a case may have two concerns or no caller recorded,
/// so that their sums are other numbers than that of the cases.
///
/// What is counted:
/// - **Cases** by the day on which they were opened, in Swedish time, as they stand now: one that was closed or corrected
///   since counts as corrected.
/// - **Contacts** by when they took place. A call that the helpline made (channel `outbound`) is a contact like any
///   other once somebody has spoken, and in a case that makes it a repeat one; how many of them there are is shown beside
///   it. An attempt that nobody answered is no contact.
/// - **Mistakes**: cases closed as opened by mistake, and their contacts, are in none of the numbers, and shown by
///   themselves. One that is open again is counted.
public struct Statistics: Hashable, Sendable {
    /// The contacts of one month, as far as it is in the period.
    public struct MonthlyContacts: Hashable, Sendable {
        public var month: Month
        /// They opened a case.
        public var opening: Figure
        /// They came to a case that was there.
        public var `repeat`: Figure
        /// Answered on the spot.
        public var withoutCase: Figure
        /// Calls that the helpline made; they are among the others.
        public var outbound: Figure
        /// Of a kind that only a newer version knows, or none.
        public var other: Figure
    }

    /// What belongs to cases that were opened by mistake.
    public struct Mistakes: Hashable, Sendable {
        public var cases: Figure
        public var contacts: Figure
    }

    public var period: StatisticsPeriod
    public var cases: Figure
    /// Cases that concern a child.
    public var children: Figure
    /// A case may be in several; the last entry is of cases with none.
    public var concern: Tally
    public var caller: Tally
    public var age: Tally
    /// All contacts of the period, with and without a case.
    public var contactCount: Figure
    public var contacts: [MonthlyContacts]
    public var channel: Tally
    public var language: Tally
    public var interpreting: Tally
    public var request: Tally
    /// `outside`, `within`, and `notRecorded`, which is also a contact of which only the day is known.
    public var openingHours: Tally
    /// By outcome, of the referrals made in the period; `open` where none is known yet.
    public var referrals: Tally
    /// By reason, of the cases closed in the period and not open again.
    public var closings: Tally
    /// Reports of concern made to social services in the period.
    public var concernReports: Figure
    public var mistakes: Mistakes
    /// Cases without a day of opening, which are in no period: a part of them has not arrived yet.
    public var undated: Figure
    public var desks: DeskKnowledge
    /// The line's name, where one is known.
    public var lineName: String?
    public var generatedAt: Timestamp
    /// Numbers from 1 up to below this one are hidden, and others as needed; nil: nothing is.
    public var suppressedBelow: Int?
    /// Whether it is one of the published series; else it says on every page that it is for internal use.
    public var publication = PublicationState.internalUse
}
