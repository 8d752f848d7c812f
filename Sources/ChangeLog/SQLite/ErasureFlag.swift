/// Tells, once a request is worked through, whether content was removed for good: then it has to leave the write-ahead
/// log too. Confined to the transaction that it was made in.
final class ErasureFlag {
    var isSet = false
}
