import Testing

/// An event's data as logs have them: every type and version ever released, with all its members, and again without those that
/// may be missing. A line is never edited: stored events don't change.
struct SampleEvent: Sendable, CustomTestStringConvertible {
  let type: String
  let version: Int
  let json: String

  var testDescription: String { "\(type).v\(version)" }

  static let all = lines.split(separator: "\n").compactMap { line -> SampleEvent? in
    guard let match = line.wholeMatch(of: /([a-z_]+)\.v(\d+) (.+)/), let version = Int(match.2) else { return nil }
    return SampleEvent(type: String(match.1), version: version, json: String(match.3))
  }

  private static let lines = #"""
    account_closed.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab01"}
    account_granted.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab02","bytes_per_second":7,"reason":"reason é/\"quoted\"","requests_per_second":7,"until":1795000000123}
    account_granted.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab02","reason":"reason é/\"quoted\""}
    account_granted.v2 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab60","bytes_per_second":7,"granted_quota":500000,"granted_test_quota":50000,"month":"2026-11","month_quota":500000,"month_test_quota":50000,"reason":"reason é/\"quoted\"","requests_per_second":7,"tier":"business","until":1795000000123}
    account_granted.v2 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab60","granted_quota":0,"granted_test_quota":0,"month":"2026-11","month_quota":1000,"month_test_quota":1000,"reason":"the trial is over"}
    account_marked_demo.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab90","from":1792540800000,"monthly_requests":250000,"seed":7}
    account_named.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab61","name":"name é/\"quoted\""}
    account_opened.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab03","monthly_quota":7,"tier":"business"}
    annotation_added.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab90","annotation_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab91","at":1795000000123,"project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab92","text":"text é/\"quoted\"","until":1795000000999}
    annotation_added.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab90","annotation_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab91","at":1795000000123,"project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab92","text":"text é/\"quoted\"","until":null}
    annotation_removed.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab93","annotation_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab94","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab95"}
    data_exported.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab04","format":"csv","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab05"}
    deletion_cancelled.v1 {"user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab06"}
    deletion_requested.v1 {"due_at":1795000000123,"user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab07"}
    demo_generated.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab91","requests":2048,"upto":1792562400000}
    email_changed.v1 {"email_digest":"abababababababababababababababababababababababababababababababab","email_sealed":"abababababababababababababababababababababababababababababababab","token_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab09","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab08"}
    email_claimed.v1 {"email_digest":"abababababababababababababababababababababababababababababababab","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab0a"}
    email_released.v1 {"email_digest":"abababababababababababababababababababababababababababababababab","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab0b"}
    email_verified.v1 {"email_digest":"abababababababababababababababababababababababababababababababab","token_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab0d","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab0c"}
    email_verified.v1 {"email_digest":"abababababababababababababababababababababababababababababababab","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab0c"}
    intake_tallied.v1 {"duplicates":1,"invalid":2,"refused":3}
    intake_tallied.v2 {"duplicates":1,"invalid":2,"refused":3,"throttled":4}
    intake_tallied.v3 {"duplicates":1,"id_conflicts":5,"invalid":12,"malformed":4,"outside_window":2,"refused":3,"throttled":4}
    invitation_accepted.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab0e","invitation_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab0f","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab10"}
    invitation_revoked.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab11","invitation_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab12"}
    key_issued.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab15","hash":"abababababababababababababababababababababababababababababababab","hint":"hint é/\"quoted\"","key_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab13","name":"name é/\"quoted\"","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab14"}
    key_issued.v2 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab18","hash":"abababababababababababababababababababababababababababababababab","hint":"hint é/\"quoted\"","key_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab16","mode":"test","name":"name é/\"quoted\"","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab17","scopes":["read"]}
    key_issued.v3 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab1b","expires_at":1795000000123,"hash":"abababababababababababababababababababababababababababababababab","hint":"hint é/\"quoted\"","key_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab19","mode":"test","name":"name é/\"quoted\"","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab1a","scopes":["read"]}
    key_issued.v3 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab1b","expires_at":null,"hash":"abababababababababababababababababababababababababababababababab","hint":"hint é/\"quoted\"","key_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab19","mode":"test","name":"name é/\"quoted\"","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab1a","scopes":["read"]}
    key_revoked.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab1e","key_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab1c","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab1d"}
    key_rotated.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab21","key_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab1f","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab20","retires_at":1795000000123,"successor_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab22"}
    key_used.v1 {"used_at":1795000020000}
    link_revoked.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ac03","link_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ac01","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ac02"}
    link_shared.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ac03","expires_at":1795000000123,"filters":{"consumer":"consumer é/\"quoted\"","endpoint":"/v1/users/7","key_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ac04","max_ms":"2500","method":"PATCH","min_ms":"0.5","path":"/v1/users/7","release":"2026-11-24.3","status":"404,5xx","template":"/v1/users/{id}"},"hash":"abababababababababababababababababababababababababababababababab","hint":"sl_abcd…wxyz","link_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ac01","mode":"test","name":"name é/\"quoted\"","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ac02"}
    link_shared.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ac03","expires_at":null,"filters":{},"hash":"abababababababababababababababababababababababababababababababab","hint":"sl_abcd…wxyz","link_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ac01","mode":"live","name":"name é/\"quoted\"","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ac02"}
    member_added.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab23","role":"read_only","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab24"}
    member_invited.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab25","email_digest":"abababababababababababababababababababababababababababababababab","email_sealed":"abababababababababababababababababababababababababababababababab","expires_at":1795000000123,"invitation_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab26","invited_by":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab27","role":"read_only","token_hash":"abababababababababababababababababababababababababababababababab"}
    member_removed.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab28","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab29"}
    member_role_changed.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab2a","role":"read_only","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab2b"}
    notice_preferences_set.v1 {"declined":["payments","quota"],"user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ad01"}
    notice_preferences_set.v1 {"declined":[],"user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ad01"}
    password_set.v1 {"cause":"sign_up","password_sealed":"abababababababababababababababababababababababababababababababab","token_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab2d","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab2c"}
    password_set.v1 {"cause":"sign_up","password_sealed":"abababababababababababababababababababababababababababababababab","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab2c"}
    profile_changed.v1 {"name_sealed":"abababababababababababababababababababababababababababababababab","time_zone":"time_zone é/\"quoted\"","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab2e"}
    profile_changed.v1 {"user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab2e"}
    project_added.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab2f","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab30"}
    project_archived.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab32","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab31"}
    project_created.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab34","name":"name é/\"quoted\"","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab33"}
    project_removed.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab35","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab36"}
    project_renamed.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab38","name":"name é/\"quoted\"","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab37"}
    project_unarchived.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab70","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab71"}
    quota_exceeded.v1 {"limit":7,"percent":100,"used":7}
    quota_threshold_reached.v1 {"limit":7,"percent":80,"used":7}
    request_tracked.v1 {"endpoint":"/v1/users/{id}","method":"PATCH","response_time_ms":12.5,"status_code":599,"template":"/v1/users/{id}","timestamp":1795000000123}
    request_tracked.v2 {"endpoint":"/v1/users/7","method":"PATCH","response_time_ms":12.5,"status_code":599,"template":"/v1/users/{id}","timestamp":1795000000123}
    request_tracked.v2 {"endpoint":"/dav","method":"!#$%&'*+-.^_`|~PROPFIND","response_time_ms":0,"status_code":207,"template":"/dav","timestamp":1795000000123}
    request_tracked.v2 {"endpoint":"*","method":"OPTIONS","response_time_ms":0,"status_code":204,"template":"*","timestamp":1795000000123}
    request_tracked.v2 {"endpoint":"[2001:db8::1]:443","method":"CONNECT","response_time_ms":0,"status_code":200,"template":"[2001:db8::1]:443","timestamp":1795000000123}
    request_tracked.v2 {"consumer":"consumer é/\"quoted\"","endpoint":"/v1/users/7","error":"TimeoutError","method":"PATCH","release":"2026-11-24.3","request_bytes":0,"response_bytes":1000000000000,"response_time_ms":12.5,"status_code":504,"template":"/v1/users/{id}","timestamp":1795000000123}
    request_tracked.v2 {"endpoint":"/v1/users/7","method":"PATCH","status_code":599,"template":"/v1/users/{id}","timestamp":1795000000123}
    retention_applied.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab39","before":1795046400000,"days":7,"project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab3a","tier":"business"}
    sender_heard.v1 {"dropped":12,"events":500,"sender_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab80","sequence":37}
    session_ended.v1 {"cause":"reuse_detected","session_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab3b","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab3c"}
    session_refreshed.v1 {"expires_at":1795000000123,"generation":7,"session_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab3d","token_hash":"abababababababababababababababababababababababababababababababab","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab3e"}
    session_started.v1 {"expires_at":1795000000123,"generation":7,"session_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab3f","token_hash":"abababababababababababababababababababababababababababababababab","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab40"}
    sessions_ended.v1 {"cause":"password_changed","except_session_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab42","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab41"}
    sessions_ended.v1 {"cause":"password_changed","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab41"}
    sessions_ended.v2 {"cause":"address_verified","except_session_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab44","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab43"}
    sessions_ended.v2 {"cause":"address_verified","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab43"}
    sign_in_failed.v1 {"reason":"email_not_verified","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab45"}
    sign_up_repeated.v1 {"user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab46"}
    sign_ups_voided.v1 {"user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab47"}
    slack_channel_broken.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ad02","channel_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ad03","status":404}
    slack_channel_removed.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ad02","channel_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ad03","removed_by":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ad04"}
    slack_channel_set.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ad02","channel_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ad03","hint":"wXyZ","set_by":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ad04","topics":["keys","members","payments","quota"],"url_sealed":"abababababababababababababababababababababababababababababababab"}
    telemetry_voided.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab4a","counts":[{"events":7,"key_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab4b","month":"2026-11"}],"from":1795000000123,"mode":"test","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab49","reason":"reason é/\"quoted\"","to":1795000000999,"upto_position":7,"void_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab48"}
    telemetry_voided.v2 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab4e","counts":[{"events":7,"key_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab4f","month":"2026-11"}],"from":1795000000123,"gives_back_quota":true,"mode":"test","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab4d","reason":"reason é/\"quoted\"","to":1795000000999,"upto_position":7,"void_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab4c"}
    tier_changed.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab50","monthly_quota":7,"tier":"business"}
    tier_changed.v2 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab60","cause":"payment_disputed","month":"2026-11","month_quota":1000,"month_test_quota":1000,"monthly_quota":1000,"test_quota":1000,"tier":"free"}
    token_issued.v1 {"email_sealed":"abababababababababababababababababababababababababababababababab","expires_at":1795000000123,"purpose":"change_email","token_hash":"abababababababababababababababababababababababababababababababab","token_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab52","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab51"}
    token_issued.v1 {"expires_at":1795000000123,"purpose":"change_email","token_hash":"abababababababababababababababababababababababababababababababab","token_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab52","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab51"}
    token_issued.v2 {"email_sealed":"abababababababababababababababababababababababababababababababab","expires_at":1795000000123,"password_sealed":"abababababababababababababababababababababababababababababababab","purpose":"change_email","token_hash":"abababababababababababababababababababababababababababababababab","token_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab54","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab53"}
    token_issued.v2 {"expires_at":1795000000123,"purpose":"change_email","token_hash":"abababababababababababababababababababababababababababababababab","token_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab54","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab53"}
    token_issued.v3 {"expires_at":1795000000123,"purpose":"set_password","token_hash":"abababababababababababababababababababababababababababababababab","token_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab63","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab62"}
    token_issued.v3 {"email_sealed":"abababababababababababababababababababababababababababababababab","expires_at":1795000000123,"password_sealed":"abababababababababababababababababababababababababababababababab","purpose":"set_password","token_hash":"abababababababababababababababababababababababababababababababab","token_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab63","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab62"}
    user_erased.v1 {"user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab55"}
    user_registered.v1 {"email_digest":"abababababababababababababababababababababababababababababababab","email_sealed":"abababababababababababababababababababababababababababababababab","user_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab56"}
    view_removed.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab96","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab97","view_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab98"}
    view_saved.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab99","name":"name é/\"quoted\"","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab9a","query":"period=30d&status=5xx","replaces_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab9b","view_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab9c"}
    view_saved.v1 {"account_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab99","name":"name é/\"quoted\"","project_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab9a","query":"","replaces_id":null,"view_id":"019a0b1c-2d3e-7f4a-8b5c-6d7e8f90ab9c"}
    """#
}
