public import Replica

extension CaseworkSchema {
    /// Collection 15: reports that were published, so that none is published that would undo what another hides. Notes: what
    /// was published was published.
    public enum Publications {
        public static let from = Field<CalendarDate>(0, "from_day")
        public static let through = Field<CalendarDate>(1, "through_day")
        /// Numbers from 1 up to below this one were hidden.
        public static let hiddenBelow = Field<Int64>(2, "hidden_below")
        /// Every number that was printed, `caller.relative=12` a line; hidden ones as `..`.
        public static let figures = Field<String>(3, "figures")
        public static let at = Field<Timestamp>(4, "at")
        public static let by = Field<String>(5, "by_code")

        public static let collection = CollectionSchema.notes(
            15, "publications", fields: [from, through, hiddenBelow, figures, at, by])
    }
}
