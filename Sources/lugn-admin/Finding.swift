import JSON

/// Something that is wrong, and what an operator does about it.
struct Finding {
    /// Where: `server`, a line's name, or a workstation.
    var place: String
    var fault: String
    var mend: String

    init(_ place: String, _ fault: String, mend: String) {
        self.place = place
        self.fault = fault
        self.mend = mend
    }

    var json: JSONValue { ["place": .string(place), "fault": .string(fault), "mend": .string(mend)] }
}
