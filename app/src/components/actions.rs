//! What became of an action: a page asks again only for what was stored.

use crate::error::AppError;
use leptos::prelude::*;

/// Changes when an action was stored. A refused one leaves the form as it was typed.
pub fn stored<I: 'static, O: 'static>(action: Action<I, Result<O, AppError>>) -> Memo<usize> {
    Memo::new(move |before: Option<&usize>| {
        let version = action.version().get();
        let refused = action.value().with(|v| matches!(v, Some(Err(_))));
        if refused { before.copied().unwrap_or_default() } else { version }
    })
}
