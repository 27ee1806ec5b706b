//! Organisations (Mandant, where seen from a DPO).

/// Initials for the mark beside the name: `Musterhaus Software` gives `MS`.
pub fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|w| w.chars().find(|c| c.is_alphanumeric()))
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}
