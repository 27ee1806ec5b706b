//! Overview (Übersicht): what to do next, what falls due, how it stands.

mod api;
mod show;

pub use show::ShowPage;
