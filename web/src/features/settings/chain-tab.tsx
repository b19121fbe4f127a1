import { Button, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStale } from '@/api/problem';
import { useHotkeys } from '@/lib/hotkeys';
import { useCan } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { useUnsaved } from '@/lib/use-unsaved';
import { FormError, useFieldError } from '@/ui/form-error';
import { Note } from '@/ui/note';
import { Panel } from '@/ui/panel';
import { QueryView } from '@/ui/query-view';
import { showDone } from '@/ui/undo-toast';
import { type Settings, settingsQuery, useSaveSettings } from './api';
import styles from './settings.module.css';

const NUMBERS = ['rfm_window_days', 'lapse_days'] as const;
const HALF_HOURS = Array.from({ length: 25 }, (_, at) => at * 30);
const ORDER: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'error',
  'description',
];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** What the chain is called, and how its days and gradings are counted. */
export function ChainTab() {
  const query = useQuery(settingsQuery);
  return (
    <QueryView query={query}>
      {({ data, etag }) => <ChainForm settings={data} etag={etag} reload={query.refetch} />}
    </QueryView>
  );
}

type Props = { settings: Settings; etag: string; reload: () => Promise<unknown> };

function ChainForm({ settings, etag, reload }: Props) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const allowed = useCan('settings.edit');
  const save = useSaveSettings();
  const fieldError = useFieldError(save.error);
  const [edits, setEdits] = useState<Partial<Settings>>({});
  const values = { ...settings, ...edits };
  const dirty = Object.keys(edits).length > 0;
  useUnsaved(dirty);
  const currencies = useMemo(
    () =>
      Intl.supportedValuesOf('currency').map((code) => ({
        value: code,
        label: `${code} · ${format.currency(code)}`,
      })),
    [format],
  );
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone'), []);

  function set<K extends keyof Settings>(key: K, value: Settings[K]) {
    setEdits((old) => {
      const next = { ...old, [key]: value };
      if (settings[key] === value) delete next[key];
      return next;
    });
  }

  function submit() {
    if (!dirty || save.isPending) return;
    save.mutate(
      { change: edits, etag },
      {
        onSuccess: () => {
          setEdits({});
          showDone(t('common:state.saved'));
        },
      },
    );
  }

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    submit();
  }

  useHotkeys({ 'mod+Enter': submit });
  const clock = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const pick = (
    key: 'reporting_currency' | 'time_zone',
    data: { value: string; label: string }[] | string[],
  ) => (
    <Select
      label={t(`chain.${key}`)}
      inputWrapperOrder={ORDER}
      description={t(`chain.${key}_hint`)}
      searchable
      limit={60}
      data={data}
      disabled={!allowed}
      value={values[key] || null}
      error={fieldError(key)}
      nothingFoundMessage={t('nothing_found')}
      onChange={(value) => value && set(key, value)}
    />
  );

  return (
    <Panel title={t('chain.title')} subtitle={t('chain.subtitle')}>
      <form className={styles.form} onSubmit={onSubmit}>
        {isStale(save.error) ? (
          <Note
            tone="warn"
            title={t('stale')}
            actions={
              <Button
                size="xs"
                variant="default"
                onClick={() => {
                  save.reset();
                  void reload();
                }}
              >
                {t('stale_action')}
              </Button>
            }
          >
            {t('stale_hint')}
          </Note>
        ) : (
          <FormError error={save.error} />
        )}
        <div className={styles.fields}>
          <TextInput
            label={t('chain.chain_name')}
            value={values.chain_name}
            disabled={!allowed}
            maxLength={120}
            error={fieldError('chain_name')}
            onChange={(event) => set('chain_name', event.currentTarget.value)}
          />
          <TextInput
            label={t('chain.country')}
            inputWrapperOrder={ORDER}
            description={t('chain.country_hint')}
            value={values.country}
            disabled={!allowed}
            maxLength={2}
            error={fieldError('country')}
            onChange={(event) => set('country', event.currentTarget.value.toUpperCase())}
          />
          {pick('reporting_currency', currencies)}
          {pick('time_zone', zones)}
          <Select
            label={t('chain.day_cut_minutes')}
            inputWrapperOrder={ORDER}
            description={t('chain.day_cut_minutes_hint')}
            data={[...new Set([...HALF_HOURS, values.day_cut_minutes])]
              .sort((a, b) => a - b)
              .map((minutes) => ({ value: String(minutes), label: clock(minutes) }))}
            disabled={!allowed}
            value={String(values.day_cut_minutes)}
            error={fieldError('day_cut_minutes')}
            onChange={(value) => value && set('day_cut_minutes', Number(value))}
          />
          <Select
            label={t('chain.grade_hour')}
            inputWrapperOrder={ORDER}
            description={t('chain.grade_hour_hint')}
            data={[
              { value: '-1', label: t('chain.grade_never') },
              ...HOURS.map((hour) => ({ value: String(hour), label: clock(hour * 60) })),
            ]}
            disabled={!allowed}
            value={String(values.grade_hour)}
            error={fieldError('grade_hour')}
            onChange={(value) => value && set('grade_hour', Number(value))}
          />
          {NUMBERS.map((key) => (
            <TextInput
              key={key}
              type="number"
              label={t(`chain.${key}`)}
              inputWrapperOrder={ORDER}
              description={t(`chain.${key}_hint`)}
              rightSection={<span className={styles.unit}>{t('chain.days')}</span>}
              rightSectionWidth={56}
              value={String(values[key])}
              disabled={!allowed}
              error={fieldError(key)}
              onChange={(event) => set(key, Math.round(Number(event.currentTarget.value)))}
            />
          ))}
        </div>
        {allowed && (
          <div className={styles.actions}>
            <Button type="submit" loading={save.isPending} disabled={!dirty}>
              {t('common:action.save')}
            </Button>
            {dirty && (
              <Button variant="default" onClick={() => setEdits({})}>
                {t('common:action.cancel')}
              </Button>
            )}
          </div>
        )}
      </form>
    </Panel>
  );
}
