//! The map of the house: what lives where.
pub mod simulator;
pub mod slack;
