//! Which server functions an anonymous visitor may call. A test holds this list to `server_fn_paths()`.

/// Who may call a function at all; the finer table stands in `domain::policy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Signing in.
    Open,
    /// Only with a session.
    Session,
}

/// All server functions.
pub const FUNCTIONS: [(&str, Access); 68] = [
    ("/api/sessions/sign_in", Access::Open),
    ("/api/sessions/invited", Access::Open),
    ("/api/sessions/provider", Access::Open),
    ("/api/sessions/accept", Access::Open),
    ("/api/sessions/sign_out", Access::Open),
    ("/api/sessions/language", Access::Open),
    ("/api/sessions/switch", Access::Session),
    ("/api/sessions/current", Access::Session),
    ("/api/sessions/prove", Access::Session),
    ("/api/members/list", Access::Session),
    ("/api/members/invite", Access::Session),
    ("/api/members/invite_again", Access::Session),
    ("/api/members/answer", Access::Session),
    ("/api/members/roles", Access::Session),
    ("/api/members/remove", Access::Session),
    ("/api/members/end_session", Access::Session),
    ("/api/tokens/list", Access::Session),
    ("/api/tokens/create", Access::Session),
    ("/api/tokens/revoke", Access::Session),
    ("/api/audit/list", Access::Session),
    ("/api/overview/find", Access::Session),
    ("/api/documents/list", Access::Session),
    ("/api/documents/find", Access::Session),
    ("/api/documents/create", Access::Session),
    ("/api/documents/edit", Access::Session),
    ("/api/documents/edit_node", Access::Session),
    ("/api/measures/find", Access::Session),
    ("/api/measures/edit", Access::Session),
    ("/api/measures/draft", Access::Session),
    ("/api/measures/discard", Access::Session),
    ("/api/measures/add", Access::Session),
    ("/api/measures/retire", Access::Session),
    ("/api/measures/shift", Access::Session),
    ("/api/measures/move", Access::Session),
    ("/api/measures/confirm", Access::Session),
    ("/api/evidence/list", Access::Session),
    ("/api/evidence/find", Access::Session),
    ("/api/evidence/edit", Access::Session),
    ("/api/evidence/link", Access::Session),
    ("/api/evidence/unlink", Access::Session),
    ("/api/reviews/list", Access::Session),
    ("/api/reviews/find", Access::Session),
    ("/api/reviews/subject", Access::Session),
    ("/api/reviews/plan", Access::Session),
    ("/api/reviews/start", Access::Session),
    ("/api/reviews/judge", Access::Session),
    ("/api/reviews/skip", Access::Session),
    ("/api/reviews/submit", Access::Session),
    ("/api/reviews/give_back", Access::Session),
    ("/api/reviews/approve", Access::Session),
    ("/api/findings/list", Access::Session),
    ("/api/findings/mend", Access::Session),
    ("/api/findings/verify", Access::Session),
    ("/api/imports/find", Access::Session),
    ("/api/imports/judge", Access::Session),
    ("/api/imports/take", Access::Session),
    ("/api/imports/discard", Access::Session),
    ("/api/shares/open", Access::Open),
    ("/api/shares/list", Access::Session),
    ("/api/shares/create", Access::Session),
    ("/api/shares/revoke", Access::Session),
    ("/api/releases/list", Access::Session),
    ("/api/releases/find", Access::Session),
    ("/api/releases/prepare", Access::Session),
    ("/api/releases/opine", Access::Session),
    ("/api/releases/approve", Access::Session),
    ("/api/releases/release", Access::Session),
    ("/api/releases/withdraw", Access::Session),
];

/// A path's access; what is not in the table is not open.
pub fn access(path: &str) -> Access {
    FUNCTIONS.iter().find(|(p, _)| *p == path).map_or(Access::Session, |(_, a)| *a)
}
