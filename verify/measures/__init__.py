"""Events, random variables and their distribution functions, tried in finite probability spaces."""
