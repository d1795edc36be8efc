//! Bilik.
