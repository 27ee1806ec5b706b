//! One file a command.

pub mod import;
pub mod render;
pub mod verify;
