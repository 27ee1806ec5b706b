//! Adapters: what touches the world outside.

pub mod pdf;
pub mod seal;
