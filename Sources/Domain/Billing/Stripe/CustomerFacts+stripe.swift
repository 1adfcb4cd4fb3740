extension CustomerFacts {
  /// Of a customer.
  init(stripe object: JSONValue) {
    self.init(deleted: object.flag("deleted"), account: object["metadata"]?.word("recount_account"))
  }
}
