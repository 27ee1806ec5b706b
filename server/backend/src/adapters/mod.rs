//! Adapters: what touches the world outside.

mod filetype;
pub mod password;
pub mod pdf;
pub mod seal;
pub mod storage;
