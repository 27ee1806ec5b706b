//! The stories: one binary, real SQLite and real PostgreSQL, the whole portal behind its router.

mod abuse;
mod baselines;
mod binary;
mod command_line;
mod documents;
mod evidence;
mod findings;
mod hints;
mod http;
mod identities;
mod imports;
mod mails;
mod measures;
mod members;
mod overview;
mod promises;
mod releases;
mod reviews;
mod search;
mod services;
mod sessions;
mod shares;
mod steps;
mod tenancy;
mod tokens;
mod world;
