//! Adapters: what touches the world outside.

pub mod docx;
pub mod egress;
pub mod extract;
pub mod filetype;
pub mod mail;
pub mod oidc;
pub mod password;
pub mod pdf;
pub mod seal;
pub mod storage;
pub mod timestamp;
