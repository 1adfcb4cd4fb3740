/// Bodies as Stripe's documents describe them, with nothing but what is read of them.
enum StripeBodies {
  static func event(
    _ type: String, _ object: String, before: String? = nil, version: String = "2020-03-02", more: String = ""
  ) -> [UInt8] {
    let previous = before.map { #","previous_attributes":\#($0)"# } ?? ""
    return Array(
      #"""
      {"id":"evt_1","object":"event",\#(more)"api_version":"\#(version)","created":1790000000,"livemode":false,"pending_webhooks":1,
      "request":{"id":"req_1","idempotency_key":null},"type":"\#(type)","data":{"object":\#(object)\#(previous)}}
      """#.utf8)
  }

  /// Of a version whose periods are the subscription's.
  static let oldSubscription = #"""
    {"id":"sub_1","object":"subscription","status":"active","cancel_at":null,"cancel_at_period_end":false,"created":1618980344,
    "current_period_start":1618980344,"current_period_end":1621572344,"customer":"cus_1","latest_invoice":"in_1",
    "items":{"object":"list","data":[{"id":"si_1","object":"subscription_item","quantity":1,
    "plan":{"id":"price_1","object":"plan","metadata":{},"product":"prod_1"},
    "price":{"id":"price_1","object":"price","metadata":{"recount_tier":"pro","recount_installation":"i-1"},"product":"prod_1"}}]},
    "metadata":{"recount_account":"a-1"},"pause_collection":null,"schedule":null,"trial_end":null}
    """#

  /// The same, of a version whose periods are the items' own; what can be is expanded.
  static let newSubscription = #"""
    {"id":"sub_1","object":"subscription","status":"active","cancel_at":null,"cancel_at_period_end":false,"created":1618980344,
    "cancellation_details":{"comment":null,"feedback":null,"reason":null},"customer":{"id":"cus_1","object":"customer"},
    "latest_invoice":{"id":"in_1","object":"invoice"},"items":{"object":"list","data":[{"id":"si_1","object":"subscription_item",
    "current_period_start":1618980344,"current_period_end":1621572344,
    "price":{"id":"price_1","object":"price","metadata":{"recount_tier":"pro","recount_installation":"i-1"},
    "product":{"id":"prod_1","object":"product"}}}]},
    "metadata":{"recount_account":"a-1"},"pause_collection":null,"schedule":null,"trial_end":null}
    """#

  /// Of the time before prices.
  static let plannedSubscription = #"""
    {"id":"sub_1","object":"subscription","status":"active","cancel_at_period_end":false,"created":1618980344,
    "current_period_start":1618980344,"current_period_end":1621572344,"customer":"cus_1","latest_invoice":"in_1","quantity":1,
    "plan":{"id":"price_1","object":"plan","metadata":{"recount_tier":"pro"},"product":"prod_1"},"metadata":{}}
    """#

  static func invoice(_ place: String) -> String {
    #"""
    {"id":"in_1","object":"invoice","status":"open","currency":"usd","customer":"cus_1","created":1700000000,"number":"A-1",
    "total":1071,"amount_due":1071,"amount_paid":0,"attempt_count":1,"next_payment_attempt":1700300000,
    "billing_reason":"subscription_cycle","period_start":1699000000,"period_end":1699000000,"metadata":{},\#(place)}
    """#
  }
}
