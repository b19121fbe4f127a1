import { Button } from '@mantine/core';
import { IconFlask, IconRocket } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStale } from '@/api/problem';
import { useHotkeys } from '@/lib/hotkeys';
import { useFormat } from '@/lib/use-format';
import { useUnsaved } from '@/lib/use-unsaved';
import { ConfirmDialog } from '@/ui/confirm';
import { FormError } from '@/ui/form-error';
import { Note } from '@/ui/note';
import { showDone } from '@/ui/undo-toast';
import {
  type Scheme,
  type TierSchemes,
  useDiscardDraft,
  usePublish,
  useSaveDraft,
  useSimulate,
} from './api';
import { LevelsPanel } from './levels-panel';
import { RulePanel } from './rule-panel';
import { hasUnread, plainScheme, problemsOf } from './scheme';
import { SimulationPanel } from './simulation-panel';
import styles from './tiers.module.css';

type Props = { schemes: TierSchemes; etag: string; reload: () => Promise<unknown> };

/** Edits the draft; every try-out and publishing saves it first. */
export function DraftEditor({ schemes, etag, reload }: Props) {
  const { t } = useTranslation('tiers');
  const format = useFormat();
  const navigate = useNavigate();
  const stored = plainScheme(schemes.draft ?? schemes.published);
  // The tag of the version that was edited; a newer one that arrives meanwhile is a conflict.
  const [base, setBase] = useState<string | null>(null);
  const [edited, setEdited] = useState<Scheme | null>(null);
  const [asking, setAsking] = useState<'publish' | 'discard' | null>(null);
  const save = useSaveDraft();
  const simulate = useSimulate();
  const publish = usePublish();
  const discard = useDiscardDraft();
  const scheme = edited ?? stored;
  const dirty = edited !== null && JSON.stringify(edited) !== JSON.stringify(stored);
  const problems = problemsOf(save.error);
  const box = useRef<HTMLDivElement>(null);
  const busy = save.isPending || simulate.isPending || publish.isPending;

  useUnsaved(dirty);

  function edit(next: Scheme) {
    setEdited(next);
    setBase((old) => old ?? etag);
  }

  function forgetEdits() {
    setEdited(null);
    setBase(null);
  }

  async function reread() {
    await reload();
    setBase(null);
    save.reset();
  }

  /** Saves where there is something to save; answers whether the draft is stored now. */
  async function saved(): Promise<boolean> {
    if (hasUnread(scheme)) {
      box.current?.querySelector<HTMLInputElement>('[data-unread]')?.focus();
      return false;
    }
    if (!dirty && schemes.draft) return true;
    try {
      await save.mutateAsync({ scheme, etag: base ?? etag });
      forgetEdits();
      return true;
    } catch {
      return false;
    }
  }

  async function onSave() {
    if (!busy && (await saved())) showDone(t('common:state.saved'));
  }

  async function onSimulate() {
    if (!busy && (await saved())) simulate.mutate();
  }

  async function onPublish() {
    if (await saved()) setAsking('publish');
  }

  useHotkeys({ 'mod+Enter': () => void onSave() });

  return (
    <div ref={box} className={styles.stack}>
      {isStale(save.error) && (
        <Note
          tone="warn"
          title={t('draft.stale')}
          actions={
            <>
              <Button size="xs" variant="default" onClick={() => void reread()}>
                {t('draft.stale_keep')}
              </Button>
              <Button
                size="xs"
                variant="default"
                onClick={() => {
                  forgetEdits();
                  void reread();
                }}
              >
                {t('draft.stale_load')}
              </Button>
            </>
          }
        >
          {t('draft.stale_hint')}
        </Note>
      )}
      {save.error !== null && !isStale(save.error) && <FormError error={save.error} />}
      <RulePanel scheme={scheme} problems={problems} onChange={edit} />
      <LevelsPanel scheme={scheme} problems={problems} onChange={edit} />
      <FormError error={simulate.error ?? publish.error} />
      {simulate.data && (
        <SimulationPanel
          simulation={simulate.data}
          scheme={stored}
          former={schemes.published}
          outdated={dirty}
        />
      )}
      <div className={styles.bar}>
        <div className={styles.actions}>
          <Button variant="default" disabled={!dirty} loading={save.isPending} onClick={onSave}>
            {t('draft.save')}
          </Button>
          {schemes.draft && (
            <Button variant="subtle" color="red" onClick={() => setAsking('discard')}>
              {t('draft.discard')}
            </Button>
          )}
        </div>
        <div className={styles.actions}>
          <Button
            variant={simulate.data && !dirty ? 'default' : 'filled'}
            loading={simulate.isPending}
            leftSection={<IconFlask size={17} aria-hidden />}
            onClick={() => void onSimulate()}
          >
            {t('draft.simulate')}
          </Button>
          <Button
            variant={simulate.data && !dirty ? 'filled' : 'default'}
            leftSection={<IconRocket size={17} aria-hidden />}
            onClick={() => void onPublish()}
          >
            {t('draft.publish')}
          </Button>
        </div>
      </div>
      <ConfirmDialog
        opened={asking === 'publish'}
        title={t('draft.publish_title')}
        confirm={t('draft.publish')}
        busy={publish.isPending}
        error={publish.error}
        onClose={() => setAsking(null)}
        onConfirm={() =>
          publish.mutate(undefined, {
            onSuccess: ({ id }) => void navigate({ to: '/tiers', search: { job: id } }),
          })
        }
      >
        {simulate.data && !dirty
          ? t('draft.publish_text', {
              promoted: format.count(simulate.data.promoted),
              demoted: format.count(simulate.data.demoted),
            })
          : t('draft.publish_unseen')}
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === 'discard'}
        title={t('draft.discard_title')}
        confirm={t('draft.discard')}
        danger
        busy={discard.isPending}
        error={discard.error}
        onClose={() => setAsking(null)}
        onConfirm={() =>
          discard.mutate(undefined, {
            onSuccess: () => {
              forgetEdits();
              simulate.reset();
              setAsking(null);
            },
          })
        }
      >
        {t('draft.discard_text')}
      </ConfirmDialog>
    </div>
  );
}
