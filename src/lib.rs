//! The map of the house: what lives where.
pub mod domain;
pub mod store;
