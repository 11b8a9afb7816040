"""What every page needs of the web: guards, forms, addresses, language, dates, headers and error pages."""
