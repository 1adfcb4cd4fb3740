import Application
import Domain
import EventLog
import Hummingbird

/// What people see: the front door of this folder.
///
/// The way of a page:
/// 1. ``PageRoutes`` holds a form against where it was sent from (``SameOrigin``), and finds out who looks (``Doorkeeper``): whoever must log in first is led
///    there, and back. Where the page's ground is named (``PageGround``), whoever has it, and nothing has changed of what it is made of (``PageState``), is
///    told so, and that is all;
/// 2. the page's handler, in a folder by subject, asks the same questions and gives the same commands as the API, and answers a ``PageAnswer``: a template with what it
///    shows, or where to go on. A GET changes nothing; a POST ends with 303;
/// 3. what goes wrong is a page, too (``ProblemPage``);
/// 4. ``PageWriter`` puts the frame around it, and the headers of the policy (``PagePolicy``), an `ETag`, and compresses it.
///
/// A page says nothing that the API does not, reads no row and knows no SQL. Text from foreigners is escaped by the templates, all of which are HTML.
struct Pages: Sendable {
  let site: Site

  func add(to router: Router<RecountContext>, knowing routes: RouteTable) {
    var pages = PageRoutes(site: site, router: router, known: routes)
    site.assets.add(to: router)
    SessionPages(site: site).add(to: &pages)
    MailLinkPages(site: site).add(to: &pages)
    UnsubscribePages(site: site).add(to: &pages)
    ProjectPages(site: site).add(to: &pages)
    KeyPages(site: site).add(to: &pages)
    VoidPages(site: site).add(to: &pages)
    PersonPages(site: site).add(to: &pages)
    AccountPages(site: site).add(to: &pages)
    SlackPages(site: site, channels: site.slack).add(to: &pages)
    SecurityLogPages(site: site).add(to: &pages)
    VerificationPages(site: site, key: site.key).add(to: &pages)
    AnalyticsPages(site: site).add(to: &pages)
    NotePages(site: site).add(to: &pages)
    EventPages(site: site).add(to: &pages)
    ProofPages(site: site).add(to: &pages)
    LinkPages(site: site).add(to: &pages)
    let shared = SharedPage(site: site)
    SharedPages(site: site, page: shared).add(to: &pages)
    DemoPages(site: site, page: shared).add(to: &pages)
    LandingPages(site: site).add(to: &pages)
    DocsPages(site: site).add(to: &pages)
    HomePages(site: site).add(to: &pages)
    BillingPages(site: site).add(to: &pages)
    SubscriptionPages(site: site).add(to: &pages)
    CheckoutPages(site: site).add(to: &pages)
    LivePages(
      site: site,
      feed: LiveFeed(
        questions: site.tenancy.questions.over(site.expensive.log), clock: site.clock,
        logger: site.tenancy.log.logger)
    ).add(to: &pages)
  }
}

/// What all pages have in common.
struct Site: Sendable {
  let people: People
  let rules: PasswordRules
  let entrance: Entrance
  let tenancy: Tenancy
  let invitations: Invitations
  let writer: PageWriter
  let assets: Assets
  let doorkeeper: Doorkeeper
  /// What checkpoints and statements are verified with.
  let key: VerifierKey
  /// What the API answers about a project.
  let numbers: ProjectNumbers
  /// The origin that people reach the server by, without a slash at its end.
  let address: String
  let expensive: ExpensiveReads
  let statements: Statements
  let export: ExportFile
  let billing: BillingAccess
  let slack: SlackChannels
  /// All that the API serves, for its documentation.
  let operations: [Operation]

  var clock: any WallClock { tenancy.clock }
  /// Whether priority support is offered here at all.
  var isSupported: Bool { writer.support != nil }
}
