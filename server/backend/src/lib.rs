//! Use cases, database, jobs, adapters. Knows neither Leptos nor axum.

pub mod adapters;
