// Stand-in with the shape that openapi-typescript writes; `npm run api` replaces this file.

type Json<T> = { headers: Record<string, unknown>; content: { 'application/json': T } };
type Failure = {
  headers: Record<string, unknown>;
  content: { 'application/problem+json': components['schemas']['Problem'] };
};
type Parameters<Query, Path, Header> = {
  query?: Query;
  path: Path;
  header?: Header;
  cookie?: never;
};
type NoPath = { query?: undefined; path?: never; header?: undefined; cookie?: never };
type Op<Ok, Query = never, Path = never, Body = never, Header = never> = {
  parameters: [Path] extends [never]
    ? [Query] extends [never]
      ? [Header] extends [never]
        ? NoPath
        : { query?: never; path?: never; header: Header; cookie?: never }
      : { query?: Query; path?: never; header?: never; cookie?: never }
    : Parameters<Query, Path, Header>;
  responses: { 200: Json<Ok>; default: Failure };
} & ([Body] extends [never]
  ? { requestBody?: never }
  : { requestBody: { content: { 'application/json': Body } } });
type S = components['schemas'];
type Id = { id: string };
type IfMatch = { 'If-Match': string };
type List<T> = { items: T[]; next: string | null; total: S['Total'] };
type Paging = { cursor?: string; limit?: number };

export interface paths {
  '/api/setup': {
    get: Op<S['SetupState']>;
    post: Op<S['Session'], never, never, S['SetupRequest']>;
  };
  '/api/session': {
    get: Op<S['Session']>;
    post: Op<S['Session'], never, never, S['SignInRequest']>;
    patch: Op<S['Session'], never, never, { language: string }>;
    delete: Op<null>;
  };
  '/api/users': {
    get: Op<List<S['User']>>;
    post: Op<S['User'], never, never, S['NewUser']>;
  };
  '/api/users/{id}': { patch: Op<S['User'], never, Id, S['UserChange'], IfMatch> };
  '/api/tokens': {
    get: Op<List<S['Token']>>;
    post: Op<S['NewToken'], never, never, { name: string }>;
  };
  '/api/tokens/{id}': { delete: Op<null, never, Id> };
  '/api/settings': {
    get: Op<S['Settings']>;
    patch: Op<S['Settings'], never, never, Partial<S['Settings']>, IfMatch>;
  };
  '/api/exchange-rates': {
    get: Op<S['ExchangeRate'][]>;
    put: Op<S['ExchangeRate'][], never, never, S['ExchangeRate'][]>;
  };
  '/api/demo': { post: Op<S['Job'], never, never, { customers: number; seed: number }> };
  '/api/jobs': { get: Op<List<S['Job']>, Paging & { state?: string }> };
  '/api/jobs/{id}': { get: Op<S['Job'], never, Id> };
  '/api/jobs/{id}/{verb}': { post: Op<S['Job'], never, { id: string; verb: string }> };
  '/api/customers': {
    get: Op<List<S['CustomerRow']>, S['CustomerQuery'] & Paging>;
    post: Op<S['Customer'], never, never, Partial<S['CustomerInput']>>;
  };
  '/api/customers/{id}': {
    get: Op<S['Customer'], never, Id>;
    patch: Op<S['Customer'], never, Id, Partial<S['CustomerInput']>, IfMatch>;
  };
  '/api/customers/{id}/timeline': {
    get: Op<List<S['TimelineItem']>, Paging & { kind?: string }, Id>;
  };
  '/api/customers/{id}/identities': { get: Op<S['Identities'], never, Id> };
  '/api/customers/{id}/grade-history': { get: Op<List<S['GradeChange']>, Paging, Id> };
  '/api/customers/{id}/override': {
    put: Op<S['Customer'], never, Id, S['Override'], IfMatch>;
  };
  '/api/lookup': { get: Op<{ items: S['LookupHit'][] }, { q: string }> };
  '/api/orders/{id}': { get: Op<S['Order'], never, Id> };
  '/api/stores': {
    get: Op<List<S['Store']>, Paging>;
    post: Op<S['Store'], never, never, S['StoreInput']>;
  };
  '/api/stores/{id}': { patch: Op<S['Store'], never, Id, Partial<S['StoreInput']>, IfMatch> };
  '/api/products': { get: Op<List<S['Product']>, Paging & { q?: string }> };
  '/api/views': {
    get: Op<List<S['View']>, { screen: string }>;
    post: Op<S['View'], never, never, S['NewView']>;
  };
  '/api/views/{id}': { delete: Op<null, never, Id> };
  '/api/duplicates': { get: Op<List<S['DuplicatePair']>, Paging & { state?: string }> };
  '/api/duplicates/{id}/merge': { post: Op<S['Merge'], never, Id, { winner_id: string }> };
  '/api/duplicates/{id}/dismiss': { post: Op<null, never, Id> };
  '/api/duplicates/scan': { post: Op<S['Job']> };
  '/api/merges': { post: Op<S['Merge'], never, never, { winner_id: string; loser_id: string }> };
  '/api/merges/{id}/undo': { post: Op<S['Merge'], never, Id> };
  '/api/grades/run': { post: Op<S['Job'], never, never, { as_of?: string }> };
  '/api/grades/runs': { get: Op<List<S['GradeRun']>, Paging> };
  '/api/tier-scheme': { get: Op<S['TierSchemes']> };
  '/api/tier-scheme/draft': {
    put: Op<S['TierSchemes'], never, never, S['Scheme'], IfMatch>;
    delete: Op<null>;
  };
  '/api/tier-scheme/draft/simulate': { post: Op<S['Simulation']> };
  '/api/tier-scheme/draft/publish': { post: Op<S['Job']> };
  '/api/reports/home': { get: Op<S['HomeReport']> };
  '/api/reports/monthly': {
    get: Op<S['MonthlyReport'], { store_id?: string; country?: string }>;
  };
  '/api/reports/rfm': { get: Op<S['RfmReport']> };
  '/api/reports/distribution': { get: Op<S['DistributionReport']> };
  '/api/imports/preview': { post: Op<S['Preview'], never, never, S['PreviewRequest']> };
  '/api/imports': {
    get: Op<List<S['Import']>, Paging>;
    post: Op<S['Import'], never, never, S['ImportRequest']>;
  };
  '/api/imports/{id}': { get: Op<S['Import'], never, Id> };
  '/api/imports/{id}/cancel': { post: Op<S['Import'], never, Id> };
  '/api/imports/{id}/resume': { post: Op<S['Import'], never, Id> };
  '/api/imports/{id}/undo': { post: Op<S['Import'], never, Id> };
  '/api/imports/{id}/run': { post: Op<S['Import'], never, Id> };
  '/api/imports/{id}/rejects': { get: Op<S['Rejects'], Paging, Id> };
  '/api/imports/{id}/rejects/retry': {
    post: Op<S['Import'], never, Id, { rows: { line: number; cells: string[] }[] }>;
  };
  '/api/status': { get: Op<S['Status']> };
  '/api/audit': {
    get: Op<List<S['AuditEntry']>, Paging & { noun?: string; id?: string; actor?: string }>;
  };
}

export interface components {
  schemas: {
    Problem: {
      type: string;
      title: string;
      status: number;
      code: string;
      detail?: string | null;
      field?: string | null;
      params?: Record<string, unknown>;
      request_id?: string | null;
    };
    Money: { amount: number; currency: string };
    Total: { count: number; exact: boolean };
    Label: { en: string; zh: string };
    Ref: { id: string; name: string };
    SetupState: { needs_setup: boolean; chain_name: string | null; version: string };
    SetupRequest: {
      name: string;
      email: string;
      password: string;
      language: string;
      chain_name: string;
      reporting_currency: string;
      time_zone: string;
    };
    SignInRequest: { email: string; password: string };
    Session: {
      user: { id: string; name: string; email: string; role: string; language: string };
      chain: { name: string; reporting_currency: string; time_zone: string };
      permissions: string[];
    };
    User: {
      id: string;
      name: string;
      email: string;
      role: string;
      language: string;
      active: boolean;
      created_at: string;
      version: number;
    };
    NewUser: { name: string; email: string; password: string; language: string };
    UserChange: { name?: string; language?: string; active?: boolean; password?: string };
    Token: { id: string; name: string; created_at: string; last_used_at: string | null };
    NewToken: { id: string; name: string; secret: string };
    Settings: {
      chain_name: string;
      reporting_currency: string;
      time_zone: string;
      day_cut_minutes: number;
      country: string;
      rfm_window_days: number;
      lapse_days: number;
      grade_hour: number;
    };
    ExchangeRate: { currency: string; valid_from: string; rate: string };
    Job: {
      id: string;
      kind: string;
      state: 'queued' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled';
      phase: string | null;
      done: number;
      total: number | null;
      rate_per_s: number | null;
      seconds_left: number | null;
      attempt: number;
      error: { code: string; params: Record<string, unknown> } | null;
      output: Record<string, unknown> | null;
      created_at: string;
      started_at: string | null;
      finished_at: string | null;
      can: string[];
    };
    CustomerQuery: {
      q?: string;
      tier?: string;
      rfm_group?: string;
      lifecycle?: string;
      abc?: string;
      store_id?: string;
      country?: string;
      r?: string;
      f?: string;
      sort?: string;
    };
    TierLabel: { code: string; name: components['schemas']['Label']; color: string };
    CustomerRow: {
      id: string;
      number: string;
      name: string;
      country: string | null;
      city: string | null;
      home_store: components['schemas']['Ref'] | null;
      tier: components['schemas']['TierLabel'] | null;
      rfm_group: string | null;
      lifecycle: string | null;
      abc: string | null;
      r: number | null;
      f: number | null;
      m: number | null;
      monetary: components['schemas']['Money'];
      frequency: number;
      last_order: string | null;
      phone_masked: string | null;
      email_masked: string | null;
      created_at: string;
    };
    Identifier: {
      id: string;
      kind: string;
      value: string;
      verified: boolean;
      shared: boolean;
      record_id: string | null;
    };
    CustomerInput: {
      name: string | null;
      given_name: string | null;
      family_name: string | null;
      gender: string | null;
      birth_date: string | null;
      country: string | null;
      city: string | null;
      address: string | null;
      postcode: string | null;
      language: string | null;
      home_store_id: string | null;
      note: string | null;
      identifiers: { kind: string; value: string; verified: boolean }[];
    };
    Customer: components['schemas']['CustomerRow'] & {
      given_name: string | null;
      family_name: string | null;
      gender: string | null;
      birth_date: string | null;
      address: string | null;
      postcode: string | null;
      language: string | null;
      note: string | null;
      identifiers: components['schemas']['Identifier'][];
      records_count: number;
      merged_into: string | null;
      grade: components['schemas']['Grade'] | null;
      version: number;
    };
    Override: {
      manual_tier: string | null;
      manual_reason: string | null;
      manual_until: string | null;
      floor_tier: string | null;
    };
    Criterion: 'spend' | 'frequency' | 'tenure' | 'recency' | 'score';
    Unit: 'money' | 'occasions' | 'days' | 'points';
    CriterionWhy: {
      criterion: components['schemas']['Criterion'];
      figure: number | null;
      threshold: number | null;
      met: boolean;
      unit: components['schemas']['Unit'];
      points: number | null;
    };
    Missing: {
      criterion: components['schemas']['Criterion'];
      figure: number | null;
      threshold: number;
      gap: number | null;
      unit: components['schemas']['Unit'];
    };
    Why: {
      rule: { kind: string; params: Record<string, unknown> };
      criteria: components['schemas']['CriterionWhy'][];
      next_level: {
        code: string;
        any: boolean;
        missing: components['schemas']['Missing'][];
      } | null;
      scheme_version: number;
      as_of: string;
      window: { from: string; to: string };
    };
    Grade: {
      as_of: string;
      recency_days: number | null;
      frequency: number;
      monetary: components['schemas']['Money'];
      lifetime_orders: number;
      lifetime_net: components['schemas']['Money'];
      r: number | null;
      f: number | null;
      m: number | null;
      rfm_group: string | null;
      abc: string | null;
      lifecycle: string;
      average_basket: components['schemas']['Money'] | null;
      interval_days: number | null;
      refund_rate: number | null;
      favourite_store: components['schemas']['Ref'] | null;
      favourite_category: string | null;
      favourite_channel: string | null;
      first_order: string | null;
      last_order: string | null;
      tier: (components['schemas']['TierLabel'] & { benefits: components['schemas']['Label'][] }) | null;
      tier_since: string | null;
      tier_review: string | null;
      tier_cause: string | null;
      why: components['schemas']['Why'] | null;
      override: components['schemas']['Override'] | null;
    };
    GradeChange: {
      at: string;
      as_of: string;
      from: string | null;
      to: string | null;
      cause: string;
    };
    TimelineItem: {
      at: string;
      type: 'order' | 'refund' | 'adjustment' | 'merge' | 'unmerge' | 'grade' | 'edit' | 'created';
      id?: string;
      external_id?: string;
      source?: string;
      store?: components['schemas']['Ref'] | null;
      channel?: string | null;
      net?: components['schemas']['Money'];
      units?: number;
      status?: string;
      from?: string | null;
      to?: string | null;
      cause?: string | null;
      actor?: string | null;
      fields?: string[];
      other?: components['schemas']['Ref'] | null;
    };
    SourceRecord: {
      id: string;
      number: string;
      name: string;
      source: string;
      created_at: string;
      orders: number;
    };
    Merge: {
      id: string;
      winner: components['schemas']['Ref'];
      loser: components['schemas']['Ref'];
      cause: string;
      evidence: unknown;
      at: string;
      undone_at: string | null;
      actor: string | null;
    };
    Identities: {
      identifiers: components['schemas']['Identifier'][];
      records: components['schemas']['SourceRecord'][];
      merges: components['schemas']['Merge'][];
    };
    LookupHit: components['schemas']['CustomerRow'] & {
      orders: components['schemas']['TimelineItem'][];
    };
    OrderLine: {
      line: number;
      product: components['schemas']['Ref'] | null;
      sku: string | null;
      description: string | null;
      units: number;
      unit_price: components['schemas']['Money'];
      net: components['schemas']['Money'];
    };
    Order: {
      id: string;
      external_id: string;
      source: string;
      ordered_at: string;
      business_date: string;
      store: components['schemas']['Ref'] | null;
      channel: string | null;
      status: string;
      net: components['schemas']['Money'];
      discount: components['schemas']['Money'] | null;
      units: number;
      customer: components['schemas']['Ref'] | null;
      lines: components['schemas']['OrderLine'][];
    };
    Store: {
      id: string;
      code: string;
      name: string;
      country: string | null;
      city: string | null;
      currency: string;
      time_zone: string;
      version: number;
    };
    StoreInput: {
      code: string;
      name: string;
      country: string | null;
      city: string | null;
      currency: string;
      time_zone: string;
    };
    Product: { id: string; sku: string; name: string; category: string | null };
    View: { id: string; screen: string; name: string; query: string; shared: boolean };
    NewView: { screen: string; name: string; query: string; shared: boolean };
    PersonCard: {
      id: string;
      number: string;
      name: string;
      given_name: string | null;
      family_name: string | null;
      birth_date: string | null;
      gender: string | null;
      country: string | null;
      city: string | null;
      address: string | null;
      postcode: string | null;
      identifiers: components['schemas']['Identifier'][];
      orders: number;
      net: components['schemas']['Money'];
      first_order: string | null;
      last_order: string | null;
      source: string | null;
    };
    FieldEvidence: {
      field: string;
      left: string | null;
      right: string | null;
      agreement: 'equal' | 'similar' | 'different' | 'missing';
      weight: number;
    };
    DuplicatePair: {
      id: string;
      score: number;
      probability: number;
      left: components['schemas']['PersonCard'];
      right: components['schemas']['PersonCard'];
      evidence: components['schemas']['FieldEvidence'][];
      state: string;
    };
    GradeRun: {
      id: string;
      as_of: string;
      customers: number;
      started_at: string;
      finished_at: string | null;
    };
    Level: {
      code: string;
      name: components['schemas']['Label'];
      color: string;
      benefits: components['schemas']['Label'][];
      thresholds: { [criterion: string]: number };
    };
    Weight: { criterion: string; unit: number; points: number; cap: number };
    Rule: { mode: string; weights?: components['schemas']['Weight'][] };
    Scheme: {
      window_days: number;
      currency: string;
      rule: components['schemas']['Rule'];
      levels: components['schemas']['Level'][];
      review_months: number;
      grace_days: number;
      refunds_may_demote: boolean;
    };
    TierSchemes: {
      published: components['schemas']['Scheme'] & { version: number };
      draft: (components['schemas']['Scheme'] & { edit: number }) | null;
    };
    LevelShare: {
      customers: number;
      share: number | null;
      net: components['schemas']['Money'];
      net_share: number | null;
    };
    Simulation: {
      as_of: string;
      customers: number;
      moves: { from: string; to: string; customers: number; net: components['schemas']['Money'] }[];
      levels: {
        code: string;
        before: components['schemas']['LevelShare'];
        after: components['schemas']['LevelShare'];
      }[];
      promoted: number;
      demoted: number;
      unchanged: number;
    };
    Kpi: {
      key: string;
      value: number | null;
      unit: 'money' | 'count' | 'ratio';
      previous: number | null;
      change: number | null;
      series: (number | null)[];
    };
    HomeReport: {
      as_of: string;
      data_until: string | null;
      currency: string;
      kpis: components['schemas']['Kpi'][];
    };
    MonthlyRow: {
      month: string;
      complete: boolean;
      net: number;
      orders: number;
      units: number;
      refunds: number;
      customers: number;
      new_customers: number;
      returning_customers: number;
      new_net: number;
      returning_net: number;
      guest_net: number;
    };
    MonthlyReport: { currency: string; rows: components['schemas']['MonthlyRow'][] };
    RfmCell: {
      r: number;
      f: number;
      customers: number;
      share: number;
      net: components['schemas']['Money'];
    };
    RfmReport: {
      as_of: string | null;
      n: number;
      cells: components['schemas']['RfmCell'][];
      groups: (components['schemas']['LevelShare'] & { group: string })[];
    };
    DistributionReport: {
      tiers: (components['schemas']['LevelShare'] & {
        code: string;
        name: components['schemas']['Label'];
        color: string;
      })[];
      abc: (components['schemas']['LevelShare'] & { code: string })[];
      lifecycle: (components['schemas']['LevelShare'] & { code: string })[];
    };
    ImportOptions: {
      encoding?: string;
      delimiter?: string;
      sheet?: string;
      header_row?: number;
      date_order?: string;
      decimal_mark?: string;
      currency?: string;
      time_zone?: string;
      country?: string;
      mapping?: Record<string, string>;
      document_prefixes?: boolean | null;
      amounts_per_line?: boolean | null;
    };
    PreviewRequest: {
      upload_id: string;
      kind: string;
      source: string;
      options?: components['schemas']['ImportOptions'];
    };
    ProblemNote: { code: string; params: Record<string, unknown> };
    Preview: {
      options: components['schemas']['ImportOptions'];
      detected: Record<string, { value: string; confidence: number }>;
      encodings: string[];
      sheets: string[];
      columns: {
        index: number;
        name: string;
        samples: string[];
        field: string | null;
        guess: 'name' | 'content' | 'remembered' | 'none';
      }[];
      rows: string[][];
      fields: {
        key: string;
        label: components['schemas']['Label'];
        required: boolean;
        kind: string;
      }[];
      problems: components['schemas']['ProblemNote'][];
      rows_estimated: number;
    };
    ImportRequest: {
      upload_id: string;
      kind: string;
      source: string;
      options?: components['schemas']['ImportOptions'];
      dry_run: boolean;
    };
    Import: {
      id: string;
      kind: string;
      source: string;
      file_name: string;
      state: string;
      dry_run: boolean;
      job: components['schemas']['Job'] | null;
      rows: {
        total: number | null;
        done: number;
        new: number;
        updated: number;
        unchanged: number;
        rejected: number;
      };
      summary: Record<string, unknown>;
      options: components['schemas']['ImportOptions'];
      created_at: string;
      finished_at: string | null;
      can: string[];
    };
    RejectRow: {
      line: number;
      field: string | null;
      code: string;
      params: Record<string, unknown>;
      cells: string[];
      resolved: boolean;
    };
    Rejects: {
      items: components['schemas']['RejectRow'][];
      columns: string[];
      next: string | null;
      total: components['schemas']['Total'];
    };
    Status: {
      customers: number;
      orders: number;
      refunds: number;
      order_lines: number;
      net_sales: Record<string, string>;
      rejected_rows: number;
      feed_lag: number;
    };
    AuditEntry: {
      id: string;
      at: string;
      actor: string | null;
      verb: string;
      noun: string;
      noun_id: string;
      changes: Record<string, unknown>;
    };
  };
}
