public import Replica

extension CaseworkSchema {
    /// Collection 14: reference numbers that were given out, and to which case. Notes: a caller may have written one down, so
    /// that none is ever taken back. Two desks that import one log before they have heard of each other give a case a number
    /// each, and both find it; the first is the one shown.
    public enum Numbers {
        /// Digits only: `4829153`.
        public static let number = Field<String>(0, "number", indexed: true)

        public static let collection = CollectionSchema.notes(14, "numbers", parent: Cases.collection, fields: [number])
    }

    /// SQL: the number by which a case is shown; null while none has arrived.
    ///
    /// - Parameter id: an expression in SQL, the id of the case.
    static func numberOfCase(_ id: String) -> String {
        """
        (SELECT number FROM numbers WHERE numbers.parent = \(id) AND length(number) BETWEEN 7 AND 11
            ORDER BY numbers.id LIMIT 1)
        """
    }
}
