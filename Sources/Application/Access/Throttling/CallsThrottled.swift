/// A key calls faster than its account may; nothing of the call was recorded.
package struct CallsThrottled: Error, Sendable {
  /// What it was told.
  package let allowance: CallAllowance
}
