Feature: Filters, order and pages from a query string, held out

  Rule: Parameters named like a field are filters

    Scenario: All operators of all types
      Then these queries have these filters:
        | QUERY                                                    | FILTERS                                                              |
        | points[eq]=1&points[ne]=2&points[gt]=3&points[gte]=4     | points eq 1, points ne 2, points gt 3, points gte 4                  |
        | points[lt]=5&points[lte]=6&points[in]=7                  | points lt 5, points lte 6, points in [7]                             |
        | created[gt]=2026-01-01&created[gte]=2026-01-02           | created gt "2026-01-01", created gte "2026-01-02"                    |
        | created[lt]=2026-01-03&created[lte]=2026-01-04           | created lt "2026-01-03", created lte "2026-01-04"                    |
        | created[eq]=2026-01-05&created[ne]=2026-01-06            | created eq "2026-01-05", created ne "2026-01-06"                     |
        | created[in]=2026-01-07,2024-02-29                        | created in ["2026-01-07","2024-02-29"]                               |
        | status[eq]=open&status[ne]=open&status[in]=on+hold       | status eq "open", status ne "open", status in ["on hold"]            |
        | urgent[eq]=false&urgent[ne]=true                         | urgent eq false, urgent ne true                                      |
        | title[eq]=a&title[ne]=b&title[in]=c,,d&title[contains]=e | title eq "a", title ne "b", title in ["c","","d"], title contains "e" |

    Scenario: Filters keep their order and may repeat
      Then these queries have these filters:
        | QUERY                                        | FILTERS                                              |
        | points=2&title=a&points=1&points=2           | points eq 2, title eq "a", points eq 1, points eq 2  |
        | page=2&points[gt]=1&sort=title&points[lt]=9  | points gt 1, points lt 9                             |

    Scenario: Texts may hold anything
      Then these queries have these filters:
        | QUERY                         | FILTERS                                           |
        | title=                        | title eq ""                                       |
        | title                         | title eq ""                                       |
        | title=a=b==                   | title eq "a=b=="                                  |
        | title=a,b                     | title eq "a,b"                                    |
        | title=%C3%A9%2B+1             | title eq "é+ 1"                                   |
        | title=?a&title[in]=a%2Cb      | title eq "?a", title in ["a,b"]                   |
        | %74itle[in]=                  | title in [""]                                     |
        | title=a+b+c                   | title eq "a b c"                                  |

    Scenario: Empty parts and a question mark at the beginning do not matter
      Then these queries have these filters:
        | QUERY                  | FILTERS                  |
        | ?points=1              | points eq 1              |
        | &&points=1&&title=b&   | points eq 1, title eq "b" |

    Scenario: Numbers
      Then these queries have these filters:
        | QUERY                                 | FILTERS                                              |
        | points=0&points=-1&points=12.50       | points eq 0, points eq -1, points eq 12.5            |
        | points=007&points[in]=-0.25,10,100    | points eq 7, points in [-0.25,10,100]                |

    Scenario: Fields are those that are given, whatever their names
      When "constructor=1&filters=2&__proto__=3&filters[gt]=4&filters=5" is read for the numbers "constructor, filters, __proto__"
      Then the filters are 'constructor eq 1, filters eq 2, __proto__ eq 3, filters gt 4, filters eq 5'

  Rule: The list can be ordered and comes in pages

    Scenario: Every field can be ordered by
      Then these queries have these orders:
        | QUERY                        | ORDER                                                         |
        | sort=points                  | points ascending                                              |
        | sort=-urgent,-status,title   | urgent descending, status descending, title ascending         |
        | title=x&sort=%2Dcreated      | created descending                                            |

    Scenario: The bounds of pages
      Then these queries have these pages:
        | QUERY                 | PAGE | LIMIT |
        | page=1&limit=1        | 1    | 1     |
        | limit=100             | 1    | 100   |
        | page=12345            | 12345 | 20   |
        | page=2&title=x        | 2    | 20    |

  Rule: Everything that is wrong is named at once

    Scenario: Values that do not suit their field
      Then these queries have these problems:
        | QUERY                                                      | PROBLEMS                     |
        | points=&title=                                             | points                       |
        | points=1e3&title=1e3                                       | points                       |
        | points[in]=1,x&status[in]=open,shut                        | points[in], status[in]       |
        | points[in]=1,,2&points[gt]=.5                              | points[in], points[gt]       |
        | points[lt]=5.&points[lte]=+5                               | points[lt], points[lte]      |
        | points[gte]=x5&points[eq]=5x&points=--5                    | points[gte], points[eq], points |
        | created=2026-02-30                                         | created                      |
        | created=2026-13-01&created[gt]=14.3.2026                   | created, created[gt]         |
        | created[lt]=2026-1-01&created[ne]=2026-03-14T00:00         | created[lt], created[ne]     |
        | created[in]=x2026-03-14&created[lte]=                      | created[in], created[lte]    |
        | urgent=1&urgent[ne]=TRUE                                   | urgent, urgent[ne]           |
        | status=Open&status[ne]=                                    | status, status[ne]           |

    Scenario: Names that are not known
      Then these queries have these problems:
        | QUERY                                    | PROBLEMS                                        |
        | toString=1&constructor[gt]=2             | toString, constructor[gt]                       |
        | Title=x&title[EQ]=x&title[]=x            | Title, title[EQ], title[]                       |
        | title[eq=x&title]=x&[eq]=x&=x            | title[eq, title], [eq],                         |
        | title[eq][eq]=x&xtitle[eq]=x&title[eq]x=x | title[eq][eq], xtitle[eq], title[eq]x          |
        | points[toString]=1&points[in][in]=1      | points[toString], points[in][in]                |
        | urgent[in]=true&urgent[contains]=true    | urgent[in], urgent[contains]                    |
        | status[gt]=open&status[lte]=open         | status[gt], status[lte]                         |
        | points[contains]=1&created[contains]=2026-03-14 | points[contains], created[contains]      |
        | title[gte]=x&title[lte]=x&title[gt]=x    | title[gte], title[lte], title[gt]               |
        | page[eq]=1&sort[eq]=title&limit[lt]=3    | page[eq], sort[eq], limit[lt]                   |
        | ]title=x&[x]title[eq]=x&[[points[lt]=1   | ]title, [x]title[eq], [[points[lt]              |

    Scenario: Broken encoding
      Then these queries have these problems:
        | QUERY                            | PROBLEMS            |
        | title=%&points=1                 | title               |
        | ti%tle=1&title[in]=a,%zz         | ti%tle, title[in]   |
        | sort=%E0%A4%A&page=%             | sort, page          |

    Scenario: Orders and pages that can't be had
      Then these queries have these problems:
        | QUERY                        | PROBLEMS    |
        | sort=                        | sort        |
        | sort=title,                  | sort        |
        | sort=title,-title            | sort        |
        | sort=--title                 | sort        |
        | sort=title-                  | sort        |
        | sort=title%0A                | sort        |
        | sort=toString                | sort        |
        | sort=title&sort=points       | sort        |
        | page=1&page=1                | page        |
        | limit=5&limit=6&limit=7      | limit       |
        | page=-1&limit=0              | page, limit |
        | page=1.5&limit=101           | page, limit |
        | page=x1&limit=1x             | page, limit |
        | page=&limit                  | page, limit |
        | page=0&points=x&page=1       | page, points |
