//! Adapters: what touches the world outside.

pub mod filetype;
pub mod password;
pub mod pdf;
pub mod seal;
pub mod storage;
