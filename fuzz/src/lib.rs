//! What several fuzz targets share: the laws that any document of the format keeps, a site in memory, and a folder for input.

pub mod document;
pub mod folder;
pub mod site;
